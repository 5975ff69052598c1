# Completion of hearth(1) in fish: what may follow is asked of the program itself.
function __hearth_words
	set -l given (commandline -opc)
	set -l cur (commandline -ct)
	test (count $cur) -eq 0; and set cur ''
	set -l program $given[1]
	set -e given[1]
	set -a given $cur
	for line in ($program completion words "="$given 2>/dev/null)
		switch $line
			case ':files*'
				__fish_complete_path $cur
			case ':folders'
				__fish_complete_directories $cur
			case '*'
				echo $line
		end
	end
end
complete -c hearth -f -a '(__hearth_words)'
