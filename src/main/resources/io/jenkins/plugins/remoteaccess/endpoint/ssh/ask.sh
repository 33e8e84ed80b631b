# Runs on the agent: hands the job $1.new to the relay inside, and its streams to and fro.
job=$1
trap 'rm -f "$job".*' EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
mkfifo -m 600 "$job.in" "$job.out" "$job.err" && mv "$job.new" "$job.job" || exit 126
tenths=0
while [ -f "$job.job" ]; do
    if [ "$tenths" -ge 100 ]; then
        echo 'Remote Access: Jenkins has nothing running inside any more; it starts it again when it is back' >&2
        exit 126
    fi
    sleep 0.1
    tenths=$((tenths + 1))
done
exec 3<&0
cat <&3 >"$job.in" 2>/dev/null &
typing=$!
exec 3<&-
cat <"$job.err" >&2 &
cat <"$job.out"
wait "$!"
kill "$typing" 2>/dev/null
tenths=0
while [ ! -f "$job.status" ] && [ "$tenths" -lt 20 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
done
read -r status <"$job.status" || status=255
exit "$status"
