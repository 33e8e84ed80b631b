#!/bin/sh
# A build whose test fails for a reason that its log does not show: the fixture was saved with Windows line ends.
dir=$(mktemp -d) && cd "$dir" || exit 1
printf 'apples 3\r\npears 4\r\n' > stock.txt
echo "counting the stock in $dir/stock.txt"
pears=$(sed -n 's/^pears //p' stock.txt)
if [ "$pears" = 4 ]; then
    echo "4 pears, as expected"
else
    echo "expected 4 pears, got $pears"
    exit 1
fi
