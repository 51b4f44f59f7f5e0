# loopback without a limit: PARTS="bulks connections echo", bulk with processor time; cold, then ROUNDS times warm
# shellcheck shell=bash disable=SC2154

raw_bulk() { # STATE WAY get|put STREAMS MB-EACH
	local name="$1: $([[ $3 == get ]] && echo down || echo up), $4 stream$([[ $4 == 1 ]] || echo s)" before after
	before=$(cpu_ms "$2")
	note "$name, MB/s" "$2" "$(load "$2" "$3" "$5M" --streams "$4" | value MBps)"
	after=$(cpu_ms "$2")
	[[ $2 == direct ]] || note "$name, processor s/GB" "$2" "$(awk -v t=$((after - before)) -v b=$(($4 * $5)) 'BEGIN{print t / b}')"
}
raw_connections() { # STATE
	local way figures_of
	for way in $WAYS; do
		figures_of=$(load "$way" rate 3 --streams 32)
		note "$1: connect, fetch 100 bytes, close, 32 at once, per second" "$way" "$(value per_second <<<"$figures_of")"
	done
	for way in $WAYS; do note "$1: the same one by one, p50, ms" "$way" "$(load "$way" rate 1 | value p50_ms)"; done
}
raw_echo() { # STATE
	local way figures_of
	for way in $WAYS; do
		figures_of=$(load "$way" ping 2 --every 5)
		note "$1: echo, p50, ms" "$way" "$(value p50_ms <<<"$figures_of")"
		note "$1: echo, p99, ms" "$way" "$(value p99_ms <<<"$figures_of")"
	done
	for way in $WAYS; do
		load "$way" get 400M --streams 4 >/dev/null & local beside=$!
		figures_of=$(load "$way" ping 2 --every 5)
		wait $beside
		note "$1: echo beside 4 downloads, p50, ms" "$way" "$(value p50_ms <<<"$figures_of")"
		note "$1: echo beside 4 downloads, p99, ms" "$way" "$(value p99_ms <<<"$figures_of")"
	done
}
raw_bulks() { # STATE
	local way op streams
	for op in get put; do
		for streams in 1 8; do
			for way in $WAYS; do raw_bulk "$1" "$way" $op $streams $((${MEGABYTES:-400} / streams)); done
		done
	done
}
raw_round() { local part; for part in ${PARTS:-bulks connections echo}; do "raw_$part" "$1"; done; } # STATE
raw() {
	local i state what
	stop_all
	start_all
	raw_round cold
	for ((i = 0; i < ROUNDS; i++)); do raw_round warm; done
	for state in cold warm; do
		[[ $state == cold || $ROUNDS -gt 0 ]] || continue
		echo
		head_row "Loopback, $state"
		for what in "down, 1 stream" "down, 8 streams" "up, 1 stream" "up, 8 streams"; do
			row "$state: $what, MB/s"
			row "$state: $what, processor s/GB" %.2f
		done
		row "$state: connect, fetch 100 bytes, close, 32 at once, per second"
		row "$state: the same one by one, p50, ms" %.2f
		for what in "echo" "echo beside 4 downloads"; do
			row "$state: $what, p50, ms" %.2f
			row "$state: $what, p99, ms" %.2f
		done
	done
}
