# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of nsctl for bash: asks nsctl itself ("nsctl __complete").

_nsctl()
{
    local cur cword words=()
    COMPREPLY=()
    _get_comp_words_by_ref -n =: cur cword words

    # What bash does not replace: all up to the last character that ends a word for it.
    local kept=${cur%"${cur##*["$COMP_WORDBREAKS"]}"}
    [[ $kept == *[=:] ]] || kept=

    local line found=()
    while IFS= read -r line; do
        case $line in
            :command\ *)
                _command_offset $((${line#* } + 1))
                return ;;
            :files\ * | :directories\ *)
                local from=${line#* } kind=-f
                [[ $line == :files* ]] || kind=-d
                compopt -o filenames
                mapfile -t found < <(compgen -P "${cur:0:from}" $kind -- "${cur:from}") ;;
            *)
                line=${line%%$'\t'*}
                [[ $line == "$cur"* ]] || continue
                [[ $line != *[!A-Za-z0-9_.,:=+@%/^-]* ]] || printf -v line %q "$line"
                found+=("$line") ;;
        esac
    done < <(nsctl __complete "${words[@]:1:cword}" 2>/dev/null)

    [[ ${#found[@]} -ne 1 || $found != *[=:,-] ]] || compopt -o nospace
    COMPREPLY=("${found[@]#"$kept"}")
}
complete -F _nsctl nsctl
