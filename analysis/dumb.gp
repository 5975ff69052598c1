# Lines over time by characters. Set before: width, height (characters), xname, yname, n lines,
# title_of[1..n]; $data has the time and then a column a line.
set terminal dumb size width,height noenhanced
set encoding utf8
set datafile missing 'nan'
set title yname noenhanced
set xlabel xname
set tics nomirror
set border 3
set xrange [0:*] noextend
stats $data using 1 nooutput
if (xname[1:5] eq 'hours') set xtics STATS_max <= 6 ? 1 : STATS_max <= 30 ? 3 : STATS_max <= 60 ? 6 : 12
set key outside bottom horizontal
if (n < 2) unset key
plot for [i=1:n] $data using 1:(column(i + 1)) with lines title title_of[i]
