# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of nsctl for fish: asks nsctl itself ("nsctl __complete").

function __nsctl_complete
    set -l current (commandline --current-token)
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -e words[1]
    for line in (nsctl __complete $words "$current" 2>/dev/null)
        switch $line
            case ':command *'
                set -l skipped (string replace ':command ' '' -- $line)
                set -e words[1..$skipped]
                complete --do-complete="$(string escape -- $words | string join ' ') $current"
            case ':files *' ':directories *'
                set -l from (string split ' ' -- $line)
                set -l before (string sub --length $from[2] -- $current)
                set -l path (string sub --start (math $from[2] + 1) -- $current)
                if string match --quiet ':files *' -- $line
                    printf '%s\n' $before(__fish_complete_path $path)
                else
                    printf '%s\n' $before(__fish_complete_directories $path)
                end
            case '*'
                printf '%s\n' $line
        end
    end
end

complete --command nsctl --no-files --arguments '(__nsctl_complete)'
