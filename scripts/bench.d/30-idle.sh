# memory: both ends with 5 000 idle streams (STREAMS), and what one of them costs; programs just started
# shellcheck shell=bash disable=SC2154

idle() {
	local way before streams=${STREAMS:-5000}
	stop_all
	start_all
	for way in $WAYS; do
		[[ $way != direct ]] || continue
		before=$(resident_kb "$way")
		load "$way" idle 4 --streams "$streams" >/dev/null & local holding=$!
		sleep 3
		until [[ $(ss -Htn state established "( dport = :7700 )" | wc -l) -ge $streams ]]; do kill -0 $holding || exit 70; sleep 0.1; done
		sleep 0.5
		note "resident, MB" "$way" "$(($(resident_kb "$way") / 1000))"
		note "for each stream, kB" "$way" "$(awk -v a="$(resident_kb "$way")" -v b="$before" -v n="$streams" 'BEGIN{print (a - b) / n}')"
		note "before, MB" "$way" "$((before / 1000))"
		wait $holding
	done
	head_row "Both ends with $streams idle streams"
	row "before, MB"
	row "resident, MB"
	row "for each stream, kB" %.1f
}
