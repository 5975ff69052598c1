# Labelled horizontal bars from x0 to x1, the first on top. Set before: xname,
# rows; $data has row, x0, x1, colour, "label", "value".
set xlabel xname
set xrange [0:*]
stats $data using 3 nooutput
# At most six marks, at 1, 2 or 5 times a power of ten: small figures have long labels.
rough = STATS_max > 0 ? STATS_max / 5.0 : 1
power = 10.0 ** floor(log10(rough))
set xtics power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10)
set rmargin 12
set yrange [rows + 0.7:0.4]
set border 1
set ytics scale 0
unset key
unset grid
set grid xtics linecolor rgb '#999999' linewidth 0.4 dashtype 3
set style fill solid noborder
rgb_of(i) = i == 1 ? 0x0072b2 : i == 2 ? 0xd55e00 : 0x009e73
plot $data using 2:1:2:3:($1 - 0.36):($1 + 0.36):(rgb_of(int($4))):ytic(5) \
    with boxxyerror linecolor rgb variable, \
    $data using 3:1:6 with labels left offset 0.6,0 textcolor rgb ink
