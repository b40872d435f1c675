# Says what a machine has, one "name<TAB>value" line each, for survey-host.ts. Nothing is installed, started or changed.
# $1: a folder whose free disk counts, it need not exist. The other arguments: names of Python programs, best first.
PATH="$PATH:$HOME/.local/bin:$HOME/.cargo/bin:/opt/homebrew/bin:/usr/local/bin:/usr/lib/wsl/lib"
folder=$1
shift

say() {
  [ -n "$2" ] && printf '%s\t%s\n' "$1" "$2"
}

first_line_of() {
  "$@" 2>&1 </dev/null | head -n 1
}

uv=$(command -v uv)
if [ -n "$uv" ]; then
  say uv "$(first_line_of "$uv" --version)"
  say uv-path "$uv"
  managed=$("$uv" python find --no-project '>=3.11,<3.14' 2>/dev/null </dev/null)
fi

# A name on the PATH is not yet a Python that answers: version managers leave such names for versions that are not chosen.
look_at_python() {
  "$1" -c '
import importlib.util, sys
whole = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print("python", "%d.%d.%d" % sys.version_info[:3], "whole" if whole else "no-venv", sys.executable, sep="\t")
' 2>/dev/null </dev/null
}
for name in "$@" "$managed"; do
  [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && look_at_python "$name"
done

command -v ssh >/dev/null 2>&1 && say ssh "$(first_line_of ssh -V)"
if command -v nvidia-smi >/dev/null 2>&1; then
  driver=$(nvidia-smi --query-gpu=driver_version --format=csv,noheader 2>/dev/null </dev/null | head -n 1)
  case $driver in [0-9]*) say nvidia-driver "$driver" ;; esac
fi

say system "$(uname -s) $(uname -m)"
say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
if [ -r /proc/meminfo ]; then
  say memory-bytes "$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)"
else
  say memory-bytes "$(sysctl -n hw.memsize 2>/dev/null)"
fi
while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
say free-disk-bytes "$(df -Pk "$folder" | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')"
exit 0
