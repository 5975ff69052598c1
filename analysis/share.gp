# What share of values is at most so large, on a logarithmic axis. Set before:
# n lines, title_of[1..n]; $data has the share in per cent and then a column a line.
set xlabel 'seconds, logarithmic'
set ylabel 'share of requests, %'
set logscale x
set format x '%g'
set yrange [0:100]
set grid xtics
plot for [i=1:n] $data using (column(i + 1)):1 with lines linewidth 2 \
    linecolor rgb colour(i) title title_of[i]
