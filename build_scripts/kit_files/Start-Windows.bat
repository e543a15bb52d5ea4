@echo off
rem Starts Glassbox with the Python of this machine and opens it in the browser.
setlocal
cd /d "%~dp0"
for %%P in ("py -3" "python" "python3") do (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 8))" >nul 2>nul && (
    %%~P server\serve.py %*
    if errorlevel 1 pause
    exit /b
  )
)
set language=en
reg query "HKCU\Control Panel\International" /v LocaleName 2>nul | find /i "zh-" >nul && set language=zh
chcp 65001 >nul
type server\no-python-windows.%language%.txt
pause
exit /b 1
