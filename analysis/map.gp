# A picture: colours over time (x) and place (y), blue below 100, orange above. Set before:
# xname, yname, x0, dx, y0, dy; $data is a matrix, a line a time, a column a place.
set xlabel xname
set ylabel yname
set xrange [x0 - dx / 2:*] noextend
set yrange [*:*] noextend
unset key
unset grid
stats $data matrix nooutput
last = x0 + dx * STATS_size_y
if (xname[1:5] eq 'hours') set xtics last <= 6 ? 1 : last <= 30 ? 3 : last <= 60 ? 6 : 12
most = STATS_max - 100 > 100 - STATS_min ? STATS_max - 100 : 100 - STATS_min
if (!(most > 2)) most = 2
set cbrange [100 - most:100 + most]
set palette defined (0 '#004a75', 1 '#56a5d5', 2 '#f2f2f2', 3 '#e89055', 4 '#8f3f00')
set colorbox
set cbtics textcolor rgb ink
plot $data matrix using (x0 + dx * $2):(y0 + dy * $1):3 with image
