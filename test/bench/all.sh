#!/bin/sh
# Every bench at its documented size, one after the other: some hours on a quiet machine. What each prints is kept in FOLDER.
# Usage: sh test/bench/all.sh [FOLDER]
set -eu
cd "$(dirname "$0")/../.."
folder=${1:-$(mktemp -d "${TMPDIR:-/tmp}/rollcall-figures-XXXXXX")}
mkdir -p "$folder"
echo "Figures go to $folder"

run() {
  name=$1
  shift
  echo "$name $*"
  { npm run --silent bench -- "$name" "$@" || echo "$name $*" >>"$folder/failed.txt"; } | tee -a "$folder/$name.txt"
}

run dns --names 1000000 --seconds 2 --rounds 3
run agent --bundled 1
run agent
run agent --bundled 1 --seconds 600
run connections --agents 1000
run connections --agents 10000
run connections --agents 19000
run connections --agents 50000 --processes 3
run connections --agents 100000 --processes 6
run monday --agents 5000 --echo 180
run monday --agents 19000 --echo 180
run monday --agents 19000 --processes 2 --echo 180
run monday --agents 100000 --processes 6 --echo 180
run push --agents 19000
run push --agents 100000 --processes 6
run ingest
run returning
run steady --agents 19000 --minutes 60
run policy --devices 60000
run preview --devices 60000
run rollouts
run compliance --devices 60000 --days 365 --rounds 40
run console --people 50000 --devices 60000 --schools 100 --tickets 20000 --events 300000 --commands 5000 --days 365 --rounds 5
run lists --names 1000000
run audit --rows 50000
run audit --rows 1000000
run examine
run live
