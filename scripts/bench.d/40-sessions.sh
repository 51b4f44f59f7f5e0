# SESSIONS=500 sessions of as many users with STREAMS=20 streams each at one gateway: echoes, then a download in each session at once
# shellcheck shell=bash disable=SC2154

sessions_java() { # CLASS ARGUMENTS..., in the background: with a heap that is not collected meanwhile, and nothing left to compile
	exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dio.netty.machineId=00:00:5e:00:53:00:00:01 \
		-cp "$here/bench/target/classes:$here/proxy-client/target/proxy-client.jar" "$@"
}
sessions_memory() { note "gateway's memory, $1, MB" holdfast "$(awk '/VmRSS/{print int($2 / 1000)}' "/proc/${pids[holdfast]% *}/status")"; }
sessions() {
	local count=${SESSIONS:-500} each=${STREAMS:-20} clients key source
	[[ -d $here/bench/target/classes ]] || { echo "bench: no $here/bench/target/classes; build everything first" >&2; exit 69; }
	stop_all
	sessions_java -Xmx256m holdfast.bench.sessions.Source 127.0.0.1:7700 2>"$work/source.log" & source=$!
	wait_for_port 7700
	start_holdfast
	sessions_memory "nobody there"
	sessions_java -Xms2g -Xmn1500m holdfast.bench.sessions.ManySessions "$work/url" "$work/gw/users" 127.0.0.1:7700 "$count" "$each" \
		"${ECHO_SECONDS:-10}" "${DOWNLOAD_SECONDS:-10}" >"$work/sessions" 2>"$work/sessions.log" & clients=$!
	while kill -0 $clients 2>/dev/null; do
		sleep 0.2
		if grep -q ^echoes= "$work/sessions"; then sessions_memory downloads; elif grep -q ^open= "$work/sessions"; then sessions_memory echoes; fi
	done
	wait $clients || { cat "$work/sessions.log" >&2; kill $source; exit 70; }
	kill $source; wait $source 2>/dev/null || true
	for key in per_second p50_ms p99_ms max_ms MBps least_of_mean most_of_mean jain lost_paths; do note "$key" holdfast "$(value $key <"$work/sessions")"; done
	local WAYS=holdfast
	head_row "$count sessions of $each streams"
	for key in per_second MBps lost_paths "gateway's memory, nobody there, MB" "gateway's memory, echoes, MB" "gateway's memory, downloads, MB"; do row "$key"; done
	for key in p50_ms p99_ms max_ms least_of_mean most_of_mean jain; do row "$key" %.2f; done
}
