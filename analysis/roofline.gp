# Roofs and kernels, both axes logarithmic. Set before: x0, x1, y0, y1 of the axes;
# n kinds of kernels, kind[1..n]; m kinds of arithmetic, peak[1..m]. $memory has x0, y0, x1, y1, "label" of a slope; $peaks the first four of
# a level line; $points a block of x, y for each kind.
set terminal svg size width,height dynamic noenhanced font 'DejaVu Sans,13' background '#ffffff'
set logscale xy
set margins screen 0.08, screen 0.76, screen 0.1, screen 0.96
set xrange [x0:x1] noextend
set yrange [y0:y1] noextend
# Of a line that grows as x, as it looks on the page.
slope = atan2(0.86 * height * log(x1 / x0), 0.68 * width * log(y1 / y0)) * 180 / pi
set xlabel 'flops per byte of compulsory traffic'
set ylabel 'GFLOP/s, one thread'
set format x '%g'
set format y '%g'
set grid xtics ytics linecolor rgb '#999999' linewidth 0.4 dashtype 3
set key outside right top vertical Left reverse samplen 1.5 noautotitle
plot $memory using 1:2:($3 - $1):($4 - $2) with vectors nohead linewidth 1.5 linecolor rgb ink, \
    for [i=1:m] $peaks every ::(i - 1)::(i - 1) using 1:2:($3 - $1):($4 - $2) \
        with vectors nohead linewidth 1.5 dashtype 2 linecolor rgb colour(i) title peak[i], \
    $memory using 1:2:5 with labels left rotate by slope offset 0.3,0.9 textcolor rgb ink, \
    for [i=1:n] $points index (i - 1) using 1:2 with points pointtype 5 + i % 9 \
        pointsize 0.8 linecolor rgb colour(i) title kind[i]
