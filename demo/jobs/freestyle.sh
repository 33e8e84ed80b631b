# A build that was killed left its lock behind.
mkdir -p cache
test -e cache/lock || echo 4194304 > cache/lock
if ! kill -0 "$(cat cache/lock)" 2>/dev/null; then
    echo "the cache is locked by process $(cat cache/lock), which no longer runs"
    exit 75
fi
