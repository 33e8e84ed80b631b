package io.jenkins.plugins.remoteaccess.page;

import java.util.Arrays;
import java.util.Optional;

/** A script that holds a fresh private key and connects with it; what it writes is gone when it ends. */
enum KeyScript {
    /** For a POSIX shell: {@code sh remote-access-….sh [command…]}. */
    SH("sh", "text/x-shellscript", """
            #!/bin/sh
            # Remote Access: @BUILD@
            # Connects: sh @ALIAS@.sh [ssh options] [command...]
            # This file holds a private key, valid for this endpoint alone. Give it to nobody.
            umask 077
            dir=$(mktemp -d "${TMPDIR:-/tmp}/remote-access.XXXXXXXX") || exit 1
            trap 'rm -rf "$dir"' EXIT
            trap 'exit 129' HUP
            trap 'exit 130' INT
            trap 'exit 143' TERM
            cat >"$dir/key" <<'END-OF-KEY'
            @KEY@
            END-OF-KEY
            cat >"$dir/known_hosts" <<'END-OF-HOSTS'
            @KNOWN@
            END-OF-HOSTS
            @BEFORE@ssh -i "$dir/key" -o IdentitiesOnly=yes -o HostKeyAlias=@ALIAS@ -o StrictHostKeyChecking=yes \\
                -o "UserKnownHostsFile=\\"$dir/known_hosts\\"" @OPTIONS@ -l @LOGIN@ @HOST@ "$@"
            """),

    /** For PowerShell 5.1 or later with OpenSSH: {@code powershell -ExecutionPolicy Bypass -File remote-access-….ps1 [command…]}. */
    POWERSHELL("ps1", "text/plain", """
            # Remote Access: @BUILD@
            # Connects: powershell -ExecutionPolicy Bypass -File @ALIAS@.ps1 [ssh options] [command...]
            # This file holds a private key, valid for this endpoint alone. Give it to nobody.
            $ErrorActionPreference = 'Stop'
            $status = 1
            $dir = Join-Path ([IO.Path]::GetTempPath()) ('remote-access-' + [Guid]::NewGuid().ToString('N'))
            New-Item -ItemType Directory -Path $dir | Out-Null
            try {
                if ($env:OS -eq 'Windows_NT') {
                    $me = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
                    icacls.exe $dir /inheritance:r /grant:r "*${me}:(OI)(CI)F" | Out-Null
                } else {
                    chmod 700 $dir
                }
                if ($LASTEXITCODE -ne 0) { throw "Cannot keep others out of $dir" }
                $key = @'
            @KEY@
            '@
                $known = @'
            @KNOWN@
            '@
                [IO.File]::WriteAllText((Join-Path $dir 'key'), ($key -replace "`r", '') + "`n")
                [IO.File]::WriteAllText((Join-Path $dir 'known_hosts'), ($known -replace "`r", '') + "`n")
                if ($env:OS -ne 'Windows_NT') { chmod 600 (Join-Path $dir 'key') }
                Push-Location -LiteralPath $dir
            @BEFORE@    ssh -i key -o IdentitiesOnly=yes -o HostKeyAlias=@ALIAS@ -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts @OPTIONS@ -l @LOGIN@ @HOST@ @args
                $status = $LASTEXITCODE
                Pop-Location
            } finally {
                Remove-Item -LiteralPath $dir -Recurse -Force
            }
            exit $status
            """);

    private final String extension;
    private final String type;
    private final String template;

    KeyScript(String extension, String type, String template) {
        this.extension = extension;
        this.type = type;
        this.template = template;
    }

    /** The script for the shell of this name: {@code sh} or {@code powershell}. */
    static Optional<KeyScript> named(String shell) {
        return Arrays.stream(values())
                .filter(script -> script.toString().equals(shell))
                .findFirst();
    }

    /** What it is saved as. */
    String fileName(Way way) {
        return Way.alias(way.id()) + '.' + extension;
    }

    /** Its media type. */
    String type() {
        return type;
    }

    /**
     * The text, with {@code privateKey} in it.
     *
     * @param build the build's name, whatever it contains
     */
    String text(Way way, String build, String privateKey) {
        Way.Scripted scripted = this == SH ? way.posix() : way.windows();
        return template.replace("@BEFORE@", scripted.before())
                .replace("@OPTIONS@", scripted.options())
                .replace("@ALIAS@", Way.alias(way.id()))
                .replace("@LOGIN@", way.login())
                .replace("@HOST@", way.host())
                .replace("@KNOWN@", String.join("\n", way.knownHosts()))
                .replace("@KEY@", privateKey.strip())
                .replace("@BUILD@", Plain.comment(build));
    }

    /** The name as the public surface has it. */
    @Override
    public String toString() {
        return this == SH ? "sh" : "powershell";
    }
}
