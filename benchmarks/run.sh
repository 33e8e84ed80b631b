#!/usr/bin/env bash
# Measures the endpoint beside OpenSSH's sshd, in one run on this machine, and prints a table; benchmarks/README.md explains it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. scripts/prerequisites.sh

case " $* " in *" --help "* | *" -h "*) exec python3 -B benchmarks/measure --help ;; esac

missing=()
[[ -r /proc/self/smaps_rollup ]] || missing+=("a Linux with /proc/PID/smaps_rollup")
for tool in python3:python3 ssh:openssh-client scp:openssh-client sftp:openssh-client ssh-keygen:openssh-client mvn:maven javac:openjdk-17-jdk-headless; do
  command -v "${tool%%:*}" >/dev/null || missing+=("${tool%%:*} (Debian: ${tool#*:})")
done
# Not installed from here: the package would start a service that listens to the network
PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v sshd >/dev/null || missing+=("sshd (Debian: openssh-server)")
((${#missing[@]})) && die "missing: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || die "Python 3.9 or later is needed, python3 is $(python3 --version)"
need_java

# Another build's jars may be measured instead
if [[ -z ${BENCHMARK_PROGRAM:-} ]]; then
  say "building the endpoint"
  mvn "${MAVEN_ARGUMENTS[@]}" -q -f pom-endpoint.xml -DskipTests package </dev/null >&2 || die "the endpoint could not be built"
fi

# Parts of the controller need the plugin and Jenkins' war
if [[ " $* " != *" --only"* || " $* " == *failure* || " $* " == *unmarked* || " $* " == *gateway* || " $* " == *holds* ]]; then
  if jenkins_artifacts; then
    say "building the plugin"
    "$MVN" "${MAVEN_ARGUMENTS[@]}" -q -Pquick-build package </dev/null >&2 || die "the plugin could not be built"
    version=$(sed -n 's:.*<jenkins.baseline>\(.*\)</jenkins.baseline>.*:\1:p' pom.xml)$(sed -n 's:.*<jenkins.version>${jenkins.baseline}\(.*\)</jenkins.version>.*:\1:p' pom.xml)
    "$MVN" "${MAVEN_ARGUMENTS[@]}" -q dependency:copy "-Dartifact=org.jenkins-ci.main:jenkins-war:$version:war" -DoutputDirectory=target/benchmark-war -Dmdep.stripVersion=true </dev/null >&2 \
      || die "the war of Jenkins $version could not be had"
  else
    export BENCHMARK_WITHOUT_JENKINS="$WHY"
  fi
fi
exec python3 -B benchmarks/measure "$@"
