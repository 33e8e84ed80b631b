# Runs inside: ends what carries the session $1; all of it, or what does not ignore SIGHUP, as a person wants who uses nohup.
session=$1 which=$2

each() {
    for file in $(grep -lsF "REMOTE_ACCESS_SESSION=$session" /proc/[0-9]*/environ); do
        process=${file%/environ}
        if [ "$which" = all ] || ! grep -qs '^SigIgn:.*[13579bdf]$' "$process/status"; then
            kill -s "$1" "${process#/proc/}" 2>/dev/null && found=yes
        fi
    done
}

for signal in HUP TERM KILL; do
    found=
    each "$signal"
    [ "$found" ] || break
    sleep 0.4 2>/dev/null || sleep 1
done
if grep -qsF "REMOTE_ACCESS_SESSION=$session" /proc/[0-9]*/environ; then
    echo stays
fi
