# memory: both ends with 5 000 idle streams (STREAMS), and what one of them costs; programs just started
# shellcheck shell=bash disable=SC2154

idle() {
	local way before streams=${STREAMS:-5000}
	stop_all
	start_all
	for way in $WAYS; do
		[[ $way != direct ]] || continue
		load "$way" idle 1 --streams 200 >/dev/null # what the first stream costs is not what one more does
		before=$(resident_kb "$way")
		load "$way" idle 4 --streams "$streams" >"$work/idle" & local holding=$!
		until grep -q "^open=$streams " "$work/idle"; do kill -0 $holding || exit 70; sleep 0.1; done
		sleep 0.5
		note "resident, MB" "$way" "$(($(resident_kb "$way") / 1000))"
		note "for each stream, kB" "$way" "$(awk -v a="$(resident_kb "$way")" -v b="$before" -v n="$streams" 'BEGIN{print (a - b) / n}')"
		note "before, after the first 200, MB" "$way" "$((before / 1000))"
		wait $holding
	done
	head_row "Both ends with $streams idle streams"
	row "before, after the first 200, MB"
	row "resident, MB"
	row "for each stream, kB" %.1f
}
