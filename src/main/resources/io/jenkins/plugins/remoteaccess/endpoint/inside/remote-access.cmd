@echo off
powershell.exe -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%~dp0remote-access.ps1" %*
exit /b %ERRORLEVEL%
