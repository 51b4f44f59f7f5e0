# What the sections of scripts/bench share: starting and stopping the systems, one run, medians, rows of a table.
# shellcheck shell=bash disable=SC2154 # here, work, WAYS and ROUNDS come from scripts/bench

declare -A pids=() # way -> the processes that were started for it
destination=

wait_for() { # FILE WORD: until the log says it
	for _ in {1..600}; do grep -q "$2" "$1" 2>/dev/null && return; sleep 0.05; done
	echo "bench: no '$2' in $1:" >&2; cat "$1" >&2; exit 70
}
wait_for_port() { # PORT
	for _ in {1..600}; do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.05; done
	echo "bench: nobody listens at port $1" >&2; exit 70
}
start_destination() {
	[[ -z $destination ]] || return 0
	"$work/load" serve 127.0.0.1:7700 >/dev/null 2>&1 & destination=$!
	wait_for_port 7700
}

start_direct() { pids[direct]=; }
start_holdfast() {
	if [[ ! -d $work/gw ]]; then
		"$here/proxy-server/target/proxy-server" init --home "$work/gw" --address 127.0.0.1:7443 >/dev/null
		"$here/proxy-server/target/proxy-server" invite bench --home "$work/gw" >"$work/url"
	fi
	"$here/proxy-server/target/proxy-server" run --home "$work/gw" --allow 127.0.0.1:7700 >"$work/gw.out" 2>"$work/gw.log" & pids[holdfast]=$!
	wait_for "$work/gw.log" ready
	[[ -d $work/cl ]] || "$here/proxy-client/target/proxy-client" login "$(<"$work/url")" --home "$work/cl" >/dev/null
	"$here/proxy-client/target/proxy-client" run --home "$work/cl" >"$work/cl.out" 2>"$work/cl.log" & pids[holdfast]+=" $!"
	wait_for "$work/cl.log" path.up
}
start_ssh() {
	mkdir -p "$work/ssh" /run/sshd; chmod 700 "$work/ssh"
	if [[ ! -f $work/ssh/id ]]; then
		ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/host"
		ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/id"; cp "$work/ssh/id.pub" "$work/ssh/keys"
		printf '%s\n' "HostKey $work/ssh/host" "AuthorizedKeysFile $work/ssh/keys" 'PidFile none' 'StrictModes no' 'UsePAM no' \
			'ListenAddress 127.0.0.1' 'Port 2222' >"$work/ssh/config"
	fi
	/usr/sbin/sshd -D -e -f "$work/ssh/config" 2>"$work/ssh/log" & pids[ssh]=$!
	wait_for_port 2222
	ssh -N -D 127.0.0.1:1081 -p 2222 -i "$work/ssh/id" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o Ciphers=aes128-gcm@openssh.com -o LogLevel=ERROR root@127.0.0.1 & pids[ssh]+=" $!"
	wait_for_port 1081
}
start_shadowsocks() {
	local common=(-s 127.0.0.1 -p 8388 -k bench -m aes-128-gcm)
	ss-server "${common[@]}" >/dev/null 2>&1 & pids[shadowsocks]=$!
	ss-local "${common[@]}" -b 127.0.0.1 -l 1082 >/dev/null 2>&1 & pids[shadowsocks]+=" $!"
	wait_for_port 1082
}
start_all() { local way; start_destination; for way in $WAYS; do "start_$way"; done; sleep 1; }

stop_way() { # WAY
	local pid
	for pid in ${pids[$1]:-}; do kill "$pid" 2>/dev/null || true; done
	for pid in ${pids[$1]:-}; do wait "$pid" 2>/dev/null || true; done
	pids[$1]=
}
stop_all() {
	local way
	for way in "${!pids[@]}"; do stop_way "$way"; done
	[[ -z $destination ]] || { kill "$destination" 2>/dev/null; wait "$destination" 2>/dev/null || true; destination=; }
}

socks() { # WAY: how load gets there
	case $1 in direct) ;; holdfast) echo --socks 127.0.0.1:1080 ;; ssh) echo --socks 127.0.0.1:1081 ;; shadowsocks) echo --socks 127.0.0.1:1082 ;; esac
}
load() { # WAY ARGUMENTS...: one checked run; prints its figures
	local way=$1; shift
	# shellcheck disable=SC2046 # words
	"$work/load" "$@" $(socks "$way") --dest 127.0.0.1:7700 || { echo "bench: load $* through $way failed" >&2; exit 70; }
}
value() { tr ' ' '\n' | sed -n "s/^$1=//p" | tail -1; }

processes() { # WAY: its processes and theirs
	local found=${pids[$1]} next=${pids[$1]}
	while [[ -n $next ]]; do
		next=$(for pid in $next; do cat "/proc/$pid/task/$pid/children" 2>/dev/null; done | tr '\n' ' '); next=${next% }
		found+=" $next"
	done
	echo "$found"
}
cpu_ms() { # WAY: what both ends have used so far; as clock ticks allow, 10 ms
	local ticks=0 pid
	for pid in $(processes "$1"); do ticks=$((ticks + $(awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$pid/stat" 2>/dev/null || echo 0))); done
	echo $((ticks * 1000 / $(getconf CLK_TCK)))
}
resident_kb() { # WAY: of both ends
	local sum=0 pid
	for pid in $(processes "$1"); do sum=$((sum + $(awk '/VmRSS/{print $2}' "/proc/$pid/status" 2>/dev/null || echo 0))); done
	echo "$sum"
}

declare -A figures=() # "row|way" -> all that was measured, in order
note() { figures["$1|$2"]+="$3 "; }
median() { tr ' ' '\n' | sort -n | awk 'NF {v[++n] = $1} END{print n ? (n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2) : "-"}'; }
head_row() { # TITLE
	local way line="| $1 |" rule="| --- |"
	for way in $WAYS; do line+=" $way |"; rule+=" --- |"; done
	printf '%s\n%s\n' "$line" "$rule"
}
row() { # ROW [FORMAT]: medians, with ratios to ssh -D; nothing where nothing was measured
	local way line="| $1 |" own peer=- measured=
	[[ -z ${figures["$1|ssh"]:-} ]] || peer=$(median <<<"${figures["$1|ssh"]}")
	for way in $WAYS; do
		own=$(median <<<"${figures["$1|$way"]:-}")
		if [[ $own == - ]]; then line+=" |"; continue; fi
		measured=1
		line+=" $(printf "${2:-%.0f}" "$own")"
		if [[ $way != ssh && $way != direct && $peer != - ]]; then line+=$(awk -v a="$own" -v b="$peer" 'BEGIN{if (b > 0) printf " (%.2f)", a / b}'); fi
		line+=" |"
	done
	[[ -z $measured ]] || echo "$line"
}
