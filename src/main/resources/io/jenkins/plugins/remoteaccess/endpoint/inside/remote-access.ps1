# What you can ask for from inside this session. Written by the endpoint, which removes it when it ends.
# Windows PowerShell 5.1 and later.

$requests = @REQUESTS@
$run = @RUN@

$usage = @'
usage: remote-access COMMAND
  status      the build, what failed, the time left, who is connected
  extend N    asks Jenkins for N more minutes
  retry       ends the hold: the failed step or block runs again
  continue    ends the hold: the failure is waived, the build becomes unstable
  fail        ends the hold: the failure goes on
  rerun       runs the failed step's script here and now; Jenkins is not told
  help        this text
'@

function Stop-With([string] $message, [int] $code) {
    [Console]::Error.WriteLine("remote-access: $message")
    exit $code
}

function Invoke-Request([string] $line) {
    $session = $env:REMOTE_ACCESS_SESSION
    if ($session -notmatch '\A[A-Za-z0-9_-]+\z') {
        Stop-With 'this shell does not belong to a Remote Access session' 1
    }
    $name = Join-Path $requests "$session.$PID-$([Guid]::NewGuid().ToString('N').Substring(0, 8))"
    try {
        # The name appears at once and whole, or not at all: written aside, then renamed
        [IO.File]::WriteAllText("$name.new", "$line`n")
        [IO.File]::Move("$name.new", "$name.request")
    } catch {
        Stop-With "cannot write to $requests; is the disk full, or the endpoint gone?" 1
    }
    $end = [Diagnostics.Stopwatch]::StartNew()
    while (-not [IO.File]::Exists("$name.answer")) {
        if ($end.Elapsed.TotalSeconds -ge 10) {
            # Still there: nobody has taken it
            if ([IO.File]::Exists("$name.request")) {
                [IO.File]::Delete("$name.request")
                Stop-With 'the endpoint does not answer; nothing was asked for' 1
            }
            Stop-With 'no answer from Jenkins yet; it will be carried out when it is reachable' 3
        }
        Start-Sleep -Milliseconds 100
    }
    $answer = [IO.File]::ReadAllText("$name.answer")
    [IO.File]::Delete("$name.answer")
    $accepted, $text = $answer -split "`n", 2
    [Console]::Out.WriteLine($text.TrimEnd())
    if ($accepted -ne 'yes') { exit 1 }
    exit 0
}

$verb = if ($args.Count -ge 1) { [string] $args[0] } else { '' }
switch -CaseSensitive -Regex ($verb) {
    '\A(status|retry|continue|fail)\z' {
        if ($args.Count -ne 1) { Stop-With "$verb takes no argument" 2 }
        Invoke-Request $verb
    }
    '\Aextend\z' {
        if ($args.Count -ne 2 -or [string] $args[1] -notmatch '\A[0-9]{1,4}\z') {
            Stop-With 'extend needs a number of minutes, such as: remote-access extend 30' 2
        }
        Invoke-Request "extend $($args[1])"
    }
    '\Arerun\z' {
        if ($args.Count -ne 1) { Stop-With 'rerun takes no argument' 2 }
        if (-not [IO.File]::Exists($run)) { Stop-With "cannot read $run; is the endpoint gone?" 1 }
        & powershell.exe -NoLogo -NoProfile -ExecutionPolicy Bypass -File $run
        exit $LASTEXITCODE
    }
    '\A(help|-h|--help)\z' {
        Write-Output $usage
        exit 0
    }
    default {
        [Console]::Error.WriteLine($usage)
        exit 2
    }
}
