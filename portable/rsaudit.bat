@echo off
rem rsaudit portable : deposer un classeur ou un dossier sur cette icone.
setlocal
set "ICI=%~dp0"
set "PYTHONUTF8=1"
set "PYTHONDONTWRITEBYTECODE=1"
rem 1. un Python place dans le dossier ; 2. celui du lanceur py ; 3. celui du PATH.
if exist "%ICI%python\python.exe" (
  "%ICI%python\python.exe" "%ICI%lanceur.py" %*
  goto fin
)
where py >nul 2>nul
if not errorlevel 1 (
  py -3 "%ICI%lanceur.py" %*
  goto fin
)
where python >nul 2>nul
if not errorlevel 1 (
  python "%ICI%lanceur.py" %*
  goto fin
)
echo Aucun Python 3.11 ou plus recent sur ce poste : voir LISEZ-MOI.txt.
set CODE=5
goto pause
:fin
set CODE=%ERRORLEVEL%
:pause
rem La fenetre reste ouverte quand elle a ete ouverte par un double-clic ou un depot.
echo %CMDCMDLINE% | findstr /i /c:"/c" >nul && pause
exit /b %CODE%
