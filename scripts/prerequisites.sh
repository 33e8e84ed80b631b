# Sourced by test.sh and demo.sh from the root of the project: gets what they need, or says what is missing.

readonly MAVEN_NEEDED=3.9.6 MAVEN_FETCHED=3.9.11
readonly CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/jenkins-remote-access"
# An unreachable repository costs seconds, not minutes
readonly MAVEN_ARGUMENTS=(-B -ntp -Dstyle.color=never -Daether.connector.connectTimeout=5000)

say() { echo "$(basename "$0"): $*" >&2; }
die() { say "$@"; exit 1; }

# need COMMAND PACKAGE [COMMAND PACKAGE]…: every command is there, or its Debian package is installed, or all that is missing is named.
need() {
  local packages=() commands=()
  while (($#)); do
    command -v "$1" >/dev/null || { commands+=("$1"); packages+=("$2"); }
    shift 2
  done
  ((${#packages[@]})) || return 0
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "installing ${packages[*]}"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "${packages[@]}")
    "${install[@]}" </dev/null >/dev/null 2>&1 || { apt-get -qq update </dev/null >&2 && "${install[@]}" </dev/null >/dev/null; } \
      || die "apt-get could not install ${packages[*]}"
    hash -r
  else
    die "missing: ${commands[*]}; install them (Debian packages: ${packages[*]}) or run this as root on Debian"
  fi
}

need_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    [[ -x $JAVA_HOME/bin/javac ]] || die "JAVA_HOME is $JAVA_HOME, where there is no bin/javac; set it to a JDK 17 or later, or unset it"
    PATH="$JAVA_HOME/bin:$PATH"
  else
    need javac openjdk-17-jdk-headless
  fi
  local version
  version=$(javac -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')
  ((version >= 17)) || die "a JDK 17 or later is needed, javac is $version; set JAVA_HOME to one"
}

maven_version() { "$1" -version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p'; }

# Puts a Maven that can build an hpi into MVN: the machine's own, or one from Maven Central, kept in the user's cache.
need_maven() {
  need mvn maven
  MVN=mvn
  [[ $(printf '%s\n' "$MAVEN_NEEDED" "$(maven_version mvn)" | sort -V | head -1) == "$MAVEN_NEEDED" ]] && return
  MVN="$CACHE/apache-maven-$MAVEN_FETCHED/bin/mvn"
  [[ $(maven_version "$MVN") == "$MAVEN_FETCHED" ]] && return
  say "getting Maven $MAVEN_FETCHED, $MAVEN_NEEDED is needed and this is $(maven_version mvn)"
  mkdir -p "$CACHE"
  (cd "$CACHE" && mvn "${MAVEN_ARGUMENTS[@]}" -q -C org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    "-Dartifact=org.apache.maven:apache-maven:$MAVEN_FETCHED:zip:bin" "-DoutputDirectory=$CACHE") </dev/null >&2 \
    && chmod +x "$MVN" && [[ $(maven_version "$MVN") == "$MAVEN_FETCHED" ]]
}

# Whether everything the plugin is built from can be had: first from the local repository alone, then from the others.
# WHY is the reason when it cannot.
jenkins_artifacts() {
  need_maven || { WHY="no Maven $MAVEN_NEEDED or later could be had"; return 1; }
  local log resolve=("$MVN" "${MAVEN_ARGUMENTS[@]}" -q dependency:resolve)
  log=$(mktemp)
  if "${resolve[@]}" -o </dev/null >"$log" 2>&1 || timeout 900 "${resolve[@]}" </dev/null >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  WHY=$(grep -oE 'Non-resolvable [^:]*: [^ ]*|Could not (find|transfer) artifact [^ ]*|could not be resolved: [^ ]*' "$log" | head -1)
  WHY="Jenkins' artifacts are neither in the local Maven repository nor to be had from repo.jenkins-ci.org (${WHY:-see $log})"
  [[ $WHY == *"$log"* ]] || rm -f "$log"
  return 1
}
