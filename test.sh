#!/usr/bin/env bash
# Tests the plugin where Jenkins' artifacts can be had, and the endpoint alone where they can not.
# Arguments go to Maven: ./test.sh -Dtest=DebugHoldStepTest
set -uo pipefail
cd "$(dirname "$0")" || exit 1
. scripts/prerequisites.sh

need_java
# What of this cannot be had here is left out by the tests that want it
optional() { command -v "$1" >/dev/null || (need "$1" "$2") 2>/dev/null || printf "test.sh: without %s (package %s) tests of the screen are skipped\n" "$1" "$2"; }
optional x11vnc x11vnc
optional Xvfb xvfb
optional Xvnc tigervnc-standalone-server
optional xsetroot x11-xserver-utils
need mvn maven git git ssh openssh-client rsync rsync ps procps script bsdutils

log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { "$@" </dev/null 2>&1 | tee -a "$log"; }
# Real processes, browsers and restarts, on machines that others use too: what fails once and passes then is told as a flake.
# Maven alone, as a developer runs it, fails at once.
again=-Dsurefire.rerunFailingTestsCount=1

if jenkins_artifacts; then
  need chromium chromium
  way="tested: the plugin and its endpoint (pom.xml); nothing was left out"
  # The endpoint must also build where nobody has heard of Jenkins; its tests are among those of pom.xml
  run mvn "${MAVEN_ARGUMENTS[@]}" -q -f pom-endpoint.xml -DskipTests package && run "$MVN" "${MAVEN_ARGUMENTS[@]}" "$again" verify "$@"
else
  way="tested: the endpoint alone (pom-endpoint.xml); left out was all that runs in Jenkins: $WHY"
  run mvn "${MAVEN_ARGUMENTS[@]}" -f pom-endpoint.xml "$again" verify "$@"
fi
status=$?

printf "\ntest.sh: %s\n" "$way"
sed -n '/^\[WARNING\] Flakes: *$/,/^\[[A-Z]*\] Tests run:/p' "$log" | grep -v 'Tests run:'
grep -E '^\[[A-Z]+\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+(, Flakes: [0-9]+)?$' "$log"
exit "$status"
