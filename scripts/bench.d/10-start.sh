# time from start to ready, and resident memory then, of each program (STARTS=5 times)
# shellcheck shell=bash disable=SC2154

start() {
	local i began
	start_destination
	start_holdfast
	stop_way holdfast
	for ((i = 0; i < ${STARTS:-5}; i++)); do
		began=$(date +%s%N)
		"$here/proxy-server/target/proxy-server" run --home "$work/gw" >/dev/null 2>"$work/gw.log" & pids[holdfast]=$!
		until grep -q ready "$work/gw.log"; do sleep 0.005; done
		note "ready, ms" gateway $((($(date +%s%N) - began) / 1000000))
		began=$(date +%s%N)
		"$here/proxy-client/target/proxy-client" run --home "$work/cl" >/dev/null 2>"$work/cl.log" & pids[holdfast]+=" $!"
		until grep -q ready "$work/cl.log"; do sleep 0.005; done
		note "ready, ms" client $((($(date +%s%N) - began) / 1000000))
		wait_for "$work/cl.log" path.up
		sleep 3
		note "resident, MB" gateway "$(awk '/VmRSS/{print $2 / 1000}' "/proc/${pids[holdfast]% *}/status")"
		note "resident, MB" client "$(awk '/VmRSS/{print $2 / 1000}' "/proc/${pids[holdfast]#* }/status")"
		stop_way holdfast
	done
	WAYS="client gateway" head_row "Start (median of ${STARTS:-5})"
	WAYS="client gateway" row "ready, ms"
	WAYS="client gateway" row "resident, MB"
}
