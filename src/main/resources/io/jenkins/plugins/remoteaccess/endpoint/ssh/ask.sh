# Runs on the agent: hands the job $1.new to the relay inside, and its streams to and fro.
job=$1
trap 'rm -f "$job".*' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
mkfifo -m 600 "$job.in" "$job.out" "$job.err" || exit 126
# Both ways, so that neither side waits for the other to open its end
exec 3<&0 4<>"$job.in" 5<>"$job.out" 6<>"$job.err"
mv "$job.new" "$job.job" || exit 126
tenths=0
while [ ! -f "$job.open" ]; do
    if [ "$tenths" -ge 100 ]; then
        echo 'Remote Access: Jenkins has nothing running inside any more; it starts it again when it is back' >&2
        exit 126
    fi
    sleep 0.1
    tenths=$((tenths + 1))
done
exec 7>"$job.in" 8<"$job.out" 9<"$job.err" 4<&- 5<&- 6<&-
cat <&3 >&7 3<&- 7>&- 8<&- 9<&- 2>/dev/null &
typing=$!
exec 3<&- 7>&-
cat <&9 >&2 8<&- 9<&- &
errors=$!
exec 9<&-
cat <&8
wait "$errors"
kill "$typing" 2>/dev/null
tenths=0
while [ ! -f "$job.status" ] && [ "$tenths" -lt 20 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
done
read -r status <"$job.status" || status=255
exit "$status"
