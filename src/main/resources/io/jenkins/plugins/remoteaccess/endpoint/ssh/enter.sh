# Runs inside: a shell, or a command, in the step's directory. POSIX sh alone, since a container may have nothing else.
# means: no (no terminal wanted), here (standard input is one), script, python3, busybox, none, or ask (which of them there is)
means=$1 rows=$2 columns=$3 directory=$4 folder=$5 command=$6

if [ "$means" = ask ]; then
    if script -qefc true /dev/null </dev/null >/dev/null 2>&1; then
        echo script
    elif python3 -c 'import pty' </dev/null >/dev/null 2>&1; then
        echo python3
    elif script -q -c true /dev/null </dev/null >/dev/null 2>&1; then
        echo busybox
    else
        echo none
    fi
    exit
fi

quoted() {
    rest=$1 done=
    while :; do
        case $rest in
            *\'*)
                done=$done${rest%%\'*}"'\\''"
                rest=${rest#*\'}
                ;;
            *) break ;;
        esac
    done
    printf "'%s'" "$done$rest"
}

say() {
    [ "$means" = no ] || printf '%s\r\n' "$1"
}

cd "$directory" 2>/dev/null || say "$directory is not there inside; this is $(pwd)."
SHELL=$(command -v bash) || SHELL=$(command -v sh) || SHELL=/bin/sh
export SHELL
if [ -x "$folder/bin/remote-access" ]; then
    PATH=$folder/bin:$PATH
    export PATH
elif [ -z "$command" ]; then
    say "The command remote-access does not work in here, where $folder is not seen; the page in Jenkins does the same."
fi

if [ -n "$command" ]; then
    set -- "$SHELL" -c "$command"
elif [ "$means" = no ]; then
    set -- "$SHELL"
elif [ ! -r "$folder/tmp/shellrc" ]; then
    set -- "$SHELL" -i
elif [ "${SHELL##*/}" = bash ]; then
    set -- "$SHELL" --rcfile "$folder/tmp/shellrc" -i
else
    ENV=$folder/tmp/shellrc
    export ENV
    set -- "$SHELL" -i
fi

size='stty rows "$1" cols "$2" 2>/dev/null; shift 2; exec "$@"'
case $means in
    script | busybox)
        line="SHELL=$(quoted "$SHELL"); exec sh -c $(quoted "$size") sh $rows $columns"
        for word; do
            line="$line $(quoted "$word")"
        done
        # script(1) gives the line to $SHELL, which need not be a POSIX shell
        SHELL=/bin/sh
        if [ "$means" = script ]; then
            exec script -qefc "$line" /dev/null
        fi
        exec script -q -c "$line" /dev/null
        ;;
    python3)
        exec python3 -c 'import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))' \
            sh -c "$size" sh "$rows" "$columns" "$@"
        ;;
    *) exec "$@" ;;
esac
