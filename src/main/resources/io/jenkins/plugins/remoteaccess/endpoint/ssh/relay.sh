# Started by Jenkins inside a container: takes commands from this folder, which the agent sees as well, until the folder goes or
# another relay is started in this one's place; $1 tells the two apart.
here=${0%/*}
token=$1
set --

run() {
    _ra_here=$here
    (
        # Opened both ways first, since one way would wait for ever for an agent that has gone meanwhile
        exec 7<>"$1.in" 8<>"$1.out" 9<>"$1.err" || exit
        exec <"$1.in" >"$1.out" 2>"$1.err" 7<&- 8<&- 9<&-
        : >"$1.open"
        . "$1.run"
    )
    echo "$?" >"$1.status.new"
    mv "$1.status.new" "$1.status"
}

current() {
    # An endpoint that opens again has emptied the folder
    { read -r newest <"$here/tmp/relay.token"; } 2>/dev/null || newest=$token
    [ -f "$0" ] && [ "$newest" = "$token" ]
}

# In a pipeline rather than in the background, where a shell would ignore SIGINT for ever and Ctrl-C would do nothing
serve() {
    while current; do
        for job in "$here"/tmp/*.job; do
            if mv "$job" "${job%.job}.run" 2>/dev/null; then
                run "${job%.job}" | serve
                exit
            fi
        done
        sleep 0.1 2>/dev/null || sleep 1
    done
}

echo "$token" >"$here/tmp/relay.token" && serve
