# Lines over time or along an axis, from 0 unless that is far. Set before: xname, yname, n lines of which the last "limits"
# are limits, title_of[1..n]; $data has the time and then a column a line.
set xlabel xname
set ylabel yname
stats $data using 1 nooutput
set xrange [STATS_min > 0.5 * STATS_max || STATS_min < 0 ? STATS_min : 0 : *] noextend
if (xname[1:5] eq 'hours') set xtics STATS_max <= 6 ? 1 : STATS_max <= 30 ? 3 : STATS_max <= 60 ? 6 : 12
if (from_zero) set yrange [0:*]
lines = n - limits
plot for [i=1:lines] $data using 1:(column(i + 1)) with lines linewidth 2 \
    linecolor rgb colour(i) title title_of[i], \
    for [i=lines+1:n] $data using 1:(column(i + 1)) with lines linewidth 1.5 dashtype 2 \
    linecolor rgb ink title title_of[i]
