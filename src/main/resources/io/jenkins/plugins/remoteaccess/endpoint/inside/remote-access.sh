#!/bin/sh
# What you can ask for from inside this session. Written by the endpoint, which removes it when it ends.
# POSIX sh and mv, rm, cat, sleep: nothing else, so that it also runs in a container that sees this directory.

_ra_requests=@REQUESTS@
_ra_run=@RUN@

_ra_usage() {
    cat <<'END'
usage: remote-access COMMAND
  status      the build, what failed, the time left, who is connected
  extend N    asks Jenkins for N more minutes
  retry       ends the hold: the failed step or block runs again
  continue    ends the hold: the failure is waived, the build becomes unstable
  fail        ends the hold: the failure goes on
  rerun       runs the failed step's script here and now; Jenkins is not told
  help        this text
END
}

_ra_die() {
    printf '%s\n' "remote-access: $1" >&2
    exit "$2"
}

# The name appears at once and whole, or not at all: written aside, then renamed
_ra_leave() {
    _ra_number=0
    until (set -C && printf '%s\n' "$1" >"$_ra_requests/$REMOTE_ACCESS_SESSION.$$-$_ra_number.new") 2>/dev/null; do
        _ra_number=$((_ra_number + 1))
        [ "$_ra_number" -lt 5 ] || _ra_die "cannot write to $_ra_requests; is the disk full, or the endpoint gone?" 1
    done
    _ra_name="$_ra_requests/$REMOTE_ACCESS_SESSION.$$-$_ra_number"
    mv "$_ra_name.new" "$_ra_name.request" || exit 1
}

# At most 10 seconds; not every sleep takes fractions
_ra_wait() {
    _ra_tenths=0
    while [ ! -f "$_ra_name.answer" ]; do
        [ "$_ra_tenths" -lt 100 ] || return 1
        if sleep 0.1 2>/dev/null; then
            _ra_tenths=$((_ra_tenths + 1))
        else
            sleep 1
            _ra_tenths=$((_ra_tenths + 10))
        fi
    done
}

_ra_ask() {
    case ${REMOTE_ACCESS_SESSION-} in
        '' | *[!A-Za-z0-9_-]*) _ra_die 'this shell does not belong to a Remote Access session' 1 ;;
    esac
    umask 077
    _ra_leave "$1"
    trap 'rm -f "$_ra_name.request"; exit 130' HUP INT TERM
    if ! _ra_wait; then
        # Still there: nobody has taken it
        if rm "$_ra_name.request" 2>/dev/null; then
            _ra_die 'the endpoint does not answer; nothing was asked for' 1
        fi
        _ra_die 'no answer from Jenkins yet; it will be carried out when it is reachable' 3
    fi
    {
        read -r _ra_accepted
        cat
    } <"$_ra_name.answer"
    rm -f "$_ra_name.answer"
    [ "$_ra_accepted" = yes ]
}

case ${1-} in
    status | retry | continue | fail)
        [ "$#" -eq 1 ] || _ra_die "$1 takes no argument" 2
        _ra_ask "$1"
        ;;
    extend)
        case ${2-} in
            '' | *[!0-9]* | ?????*) _ra_die 'extend needs a number of minutes, such as: remote-access extend 30' 2 ;;
        esac
        [ "$#" -eq 2 ] || _ra_die 'extend takes one number of minutes' 2
        _ra_ask "extend $2"
        ;;
    rerun)
        [ "$#" -eq 1 ] || _ra_die 'rerun takes no argument' 2
        [ -r "$_ra_run" ] || _ra_die "cannot read $_ra_run; is the endpoint gone?" 1
        sh "$_ra_run"
        ;;
    help | -h | --help)
        _ra_usage
        ;;
    *)
        _ra_usage >&2
        exit 2
        ;;
esac
