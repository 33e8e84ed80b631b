#!/usr/bin/env bash
# A Jenkins with the plugin, an agent and failing example jobs, on loopback, gone after Ctrl-C.
# Where Jenkins' artifacts can not be had: the endpoint alone, holding a failing example command.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
. scripts/prerequisites.sh

port=8080 keep=
usage() { echo "usage: ./demo.sh [--port N] [--keep]   --port: of Jenkins, 8080 unless given; --keep: leaves its directory behind"; }
bad() { say "$1; see ./demo.sh --help"; exit 2; }
while (($#)); do
  case $1 in
    --port) [[ ${2:-} =~ ^[0-9]{1,5}$ ]] && ((10#$2 >= 1 && 10#$2 <= 65535)) || bad "--port must be a number from 1 to 65535, was '${2:-}'"; port=$((10#$2)); shift ;;
    --keep) keep=1 ;;
    -h | --help) usage; exit ;;
    *) bad "no such option: $1" ;;
  esac
  shift
done

need_java
need mvn maven git git ssh openssh-client

if ! jenkins_artifacts; then
  say "building the endpoint"
  mvn "${MAVEN_ARGUMENTS[@]}" -q -f pom-endpoint.xml -DskipTests package </dev/null >&2 || die "the endpoint could not be built"
  echo "demo.sh: this is the endpoint alone; left out is the demo in Jenkins: $WHY"
  exec java -jar target/endpoint/remote-access-endpoint.jar hold --minutes 30 -- demo/failing-build.sh
fi

need curl curl ssh-keygen openssh-client pgrep procps
(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && die "port $port is taken; choose another with --port"

say "building the plugin"
"$MVN" "${MAVEN_ARGUMENTS[@]}" -q -Pquick-build package </dev/null >&2 || die "the plugin could not be built"

dir=$(mktemp -d "${TMPDIR:-/tmp}/remote-access-demo.XXXXXX")
jenkins='' agent=''
# The agent first, then the endpoints, which outlive an agent by design, then Jenkins
end() {
  trap '' INT TERM
  [[ -z $agent ]] || kill "$agent" 2>/dev/null
  local endpoints
  endpoints=$(pgrep -f -- "$dir/agent/remote-access/") && kill $endpoints 2>/dev/null
  [[ -z $jenkins ]] || kill "$jenkins" 2>/dev/null
  for _ in $(seq 100); do
    pgrep -f -- "$dir/" >/dev/null || break
    sleep 0.1
  done
  endpoints=$(pgrep -f -- "$dir/") && kill -KILL $endpoints 2>/dev/null
  wait 2>/dev/null
  if [[ -n $keep ]]; then say "kept $dir"; else rm -rf "$dir"; fi
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

version=$(sed -n 's:.*<jenkins.baseline>\(.*\)</jenkins.baseline>.*:\1:p' pom.xml)$(sed -n 's:.*<jenkins.version>${jenkins.baseline}\(.*\)</jenkins.version>.*:\1:p' pom.xml)
"$MVN" "${MAVEN_ARGUMENTS[@]}" -q dependency:copy "-Dartifact=org.jenkins-ci.main:jenkins-war:$version:war" "-DoutputDirectory=$dir" -Dmdep.stripVersion=true </dev/null >&2 \
  || die "the war of Jenkins $version could not be had"

mkdir -p "$dir/home/plugins" "$dir/agent"
for plugin in target/test-classes/test-dependencies/*.hpi target/remote-access.hpi; do
  cp "$plugin" "$dir/home/plugins/$(basename "$plugin" .hpi).jpi" || die "the plugins the demo needs are not in target/test-classes/test-dependencies"
done

# job NAME ELEMENT DESCRIPTION BODY
job() {
  mkdir -p "$dir/home/jobs/$1"
  printf '<?xml version="1.1" encoding="UTF-8"?>\n<%s>\n<description>%s</description>\n%s\n</%s>\n' "$2" "$3" "$4" "$2" >"$dir/home/jobs/$1/config.xml"
}
text() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$1"; }
pipeline() {
  job "$1" flow-definition "$2" "<definition class=\"org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition\"><script>$(text "demo/jobs/$1.Jenkinsfile")</script><sandbox>true</sandbox></definition>"
}
pipeline unedited "Declarative, knows nothing of remote access: its build 1 has failed; press Rebuild with Remote Access on it"
pipeline scripted "Scripted, debugHold { … }: mend it inside, then retry"
pipeline declarative "Declarative, debugHold in post { failure }: look around, then let it fail"
job freestyle project "Freestyle: fails because of what an earlier build left in its workspace" \
  "<canRoam>true</canRoam><builders><hudson.tasks.Shell><command>$(text demo/jobs/freestyle.sh)</command></hudson.tasks.Shell></builders>"

ssh-keygen -q -t ed25519 -N '' -C 'dev of the Remote Access demo' -f "$dir/dev-key"
DEMO_PUBLIC_KEYS=$(cat "$dir/dev-key.pub" ~/.ssh/id_*.pub 2>/dev/null)
DEMO_PASSWORD=$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
export DEMO_PUBLIC_KEYS DEMO_PASSWORD DEMO_PORT=$port DEMO_AGENT=$dir/agent
url=http://127.0.0.1:$port

say "starting Jenkins $version"
JENKINS_HOME=$dir/home CASC_JENKINS_CONFIG=$PWD/demo/jenkins.yaml \
  java -Djenkins.install.runSetupWizard=false -Dhudson.model.UpdateCenter.never=true -Dhudson.model.DownloadService.never=true -Djava.awt.headless=true \
  -jar "$dir/jenkins-war.war" --httpListenAddress=127.0.0.1 "--httpPort=$port" </dev/null >"$dir/jenkins.log" 2>&1 &
jenkins=$!
wait_for() { # PROCESS WHAT COMMAND…
  local process=$1 what=$2
  shift 2
  for _ in $(seq 300); do
    "$@" && return
    kill -0 "$process" 2>/dev/null || { keep=1; die "$what; see $dir/*.log"; }
    sleep 0.5
  done
  keep=1
  die "$what within 150 seconds; see $dir/*.log"
}
get() { curl -sf -o "$2" "$url$1"; }
as_admin() { curl -sf -u "admin:$DEMO_PASSWORD" "$url$1"; }
wait_for "$jenkins" "Jenkins did not start" get /login /dev/null

get /jnlpJars/agent.jar "$dir/agent.jar" || die "Jenkins did not hand out agent.jar"
(umask 077; as_admin /computer/agent/jenkins-agent.jnlp | sed 's:.*<application-desc[^>]*><argument>\([0-9a-f]*\)</argument>.*:\1:' >"$dir/agent-secret")
env -i PATH="$PATH" HOME="$HOME" LANG="${LANG:-C.UTF-8}" java -jar "$dir/agent.jar" -url "$url/" -name agent -secret "@$dir/agent-secret" -webSocket -workDir "$dir/agent" </dev/null >"$dir/agent.log" 2>&1 &
agent=$!
online() { as_admin '/computer/agent/api/json?tree=offline' 2>/dev/null | grep -q '"offline":false'; }
wait_for "$agent" "the agent did not connect" online

# Failed builds, for the reader to press the button on
crumb=$(curl -sf -c "$dir/cookies" -u "dev:$DEMO_PASSWORD" "$url/crumbIssuer/api/json" | sed 's/.*"crumb":"\([^"]*\)".*/\1/')
for failing in unedited freestyle; do
  curl -sf -o /dev/null -b "$dir/cookies" -u "dev:$DEMO_PASSWORD" -H "Jenkins-Crumb: $crumb" -X POST "$url/job/$failing/build" || die "the job $failing could not be started; see $dir/*.log"
done
failed() {
  local job
  for job in unedited freestyle; do as_admin "/job/$job/1/api/json?tree=result" 2>/dev/null | grep -q FAILURE || return; done
}
wait_for "$jenkins" "the first builds did not end" failed

cat <<END

Jenkins is at $url/ and ends with Ctrl-C. The password of all users is $DEMO_PASSWORD

  admin   may do everything
  dev     builds, changes jobs and connects; Jenkins knows the public key of $dir/dev-key
  mate    builds and connects, has no key yet
  viewer  reads

Log in as dev and press Rebuild with Remote Access on a build that has failed:

  unedited     $url/job/unedited/1/    is held at the step that failed; in it: mkdir cache; remote-access retry
  freestyle    $url/job/freestyle/     the same for Freestyle

Or build one of these, which say themselves where they are held:

  scripted     $url/job/scripted/      is held where its step failed; mend it inside, then: remote-access retry
  declarative  $url/job/declarative/   is held in post; look around, then: remote-access fail

The log of a held build links to its Remote Access page, which has the ssh command. With dev's key of this demo:
  ssh -i $dir/dev-key -o IdentitiesOnly=yes …
END
wait "$jenkins"
