# What all figures share. Set before: width, height (pixels); name (letters and _), where the lines
# get identifiers name_plot_1 and so on, and the SVG tells where its axes are.
# Drawn with one ink that the page replaces by its own text colour; the other
# colours are those of Okabe and Ito (2008), then four of Tol (2021), which colour-blind
# readers tell apart.
parts = exists('name') ? sprintf("mouse jsdir '' name '%s'", name) : ''
set terminal svg size width,height dynamic noenhanced font 'DejaVu Sans,14' @parts
set encoding utf8
set datafile missing 'nan'
ink = '#010203'
colour(i) = word('#0072b2 #d55e00 #009e73 #cc79a7 #e69f00 #56b4e9 #332288 #882255 #999933 #777777', (i - 1) % 10 + 1)
set border 3 linecolor rgb ink
set tics nomirror textcolor rgb ink
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink
set key outside top left horizontal Left reverse samplen 2 textcolor rgb ink
set grid ytics linecolor rgb '#999999' linewidth 0.4 dashtype 3
