# SPDX-License-Identifier: GPL-2.0-only
#
# Completion for fish: verbs, options and their words come from `wgfence --help`, which the program
# makes of its own tables; nothing is written here twice.

function __wgfence_names
    for f in /etc/wgfence/*.conf
        basename $f .conf
    end
end

function __wgfence_verbs
    wgfence --help 2>/dev/null | sed -n 's/^  \([a-z]*\)  *\(.*\)/\1\t\2/p'
    printf '%s\n' --help --version
end

function __wgfence_options
    set -l verb (commandline -opc)[2]
    wgfence $verb --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\)[^ ]*\( [^ ]*\)\{0,1\}  *\(.*\)/\1\t\3/p'
    printf '%s\n' --help
end

# Behind an option: what its argument may be; else names.
function __wgfence_words
    set -l typed (commandline -opc)
    set -l verb $typed[2]
    set -l before $typed[-1]
    if string match -q -- '--*' $before
        set -l argument (wgfence $verb --help 2>/dev/null | sed -n "s/^  $before \([^ ]*\)  .*/\1/p;s/^  $before \([^ ]*\)\$/\1/p")
        switch "$argument"
            case FILE
                __fish_complete_path (commandline -ct)
                return
            case INTERFACE
                command ls /sys/class/net
                return
            case 'REASON,*'
                wgfence $verb x $before help 2>/dev/null | sed 's/ .*//'
                return
            case '*|*'
                string split '|' $argument | string match -rv '[A-Z]'
                return
            case '?*'
                return
        end
    end
    switch $verb
        case init
            systemctl list-unit-files --type=service --no-legend 2>/dev/null | cut -d ' ' -f 1
        case explain
            __wgfence_names
            printf '%s\n' egress ingress connect bind socket setsockopt
        case '*'
            __wgfence_names
    end
end

function __wgfence_at_verb
    test (count (commandline -opc)) -eq 1
end

complete -c wgfence -f
complete -c wgfence -n __wgfence_at_verb -a '(__wgfence_verbs)'
complete -c wgfence -n 'not __wgfence_at_verb; and string match -q -- "-*" (commandline -ct)' -a '(__wgfence_options)'
complete -c wgfence -n 'not __wgfence_at_verb; and not string match -q -- "-*" (commandline -ct)' -a '(__wgfence_words)'
