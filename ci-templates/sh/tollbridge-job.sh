#!/bin/sh
# tollbridge-job: gives the tools of a CI job their credentials, and takes them back when it ends. POSIX sh, with
# tollbridge-exchange.sh beside it, and tollbridge-session.sh for jobs that last longer than their credentials.
#
# What tools read is a file or a helper in a folder of the job's own; no credential is a variable, an argument or a line
# of the log. CI systems other than GitHub's cannot hide a value that they learn while the job runs.
set -u
case $- in *x*) set +x; printf '%s\n' 'tollbridge: tracing (set -x) is off in this script: it would print tokens' >&2 ;; esac
umask 077
LC_ALL=C
export LC_ALL

readonly USAGE=2

usage() {
    cat <<'HELP'
Usage: tollbridge-job.sh start --dir DIR --url URL --targets TARGETS SOURCE [options]
       . DIR/env
       tollbridge-job.sh stop --dir DIR

start exchanges the job's token for all targets in one call and writes what tools need into DIR, a new folder.
Reading DIR/env into the job's shell makes the tools find it. stop revokes everything and removes DIR.

  --dir DIR                a folder that does not exist yet, outside of what the job checks out, caches or keeps
  --workspace DIR          refuse a --dir that lies in it
  --targets TARGETS        'NAME' or 'NAME as FORMAT', between commas or line ends; FORMAT is aws, kube, git, gcloud,
                           token or json; without one, what fits the target
  --session                renew credentials until stop, by a session that the grant allows; needs openssl
  --watch PID              with --session: end it when this process is gone, such as the job's shell; default nobody
  SOURCE                   --token-file, --token-variable, --github, --gitlab or --azure-devops
  --url, --gitlab-variable, --audience, --ttl, --ca-file
                           as tollbridge-exchange.sh has them

Exit codes: those of tollbridge-exchange.sh.
HELP
}

say() { printf '%s\n' "$*" >&2; }

wrong() {
    say "tollbridge: $*"
    exit "$USAGE"
}

here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit "$USAGE"
client=$here/tollbridge-exchange.sh
keeper=$here/tollbridge-session.sh

# For a shell that reads it.
quoted() {
    printf "'"
    printf '%s' "$1" | sed "s/'/'\\\\''/g"
    printf "'"
}

setting() { printf 'export %s=%s\n' "$1" "$(quoted "$2")" >>"$dir/env"; }

# The words of a helper's command, quoted for the double quotes that AWS's tools, git and JSON know.
helper() { printf 'sh "%s/helper" %s %s' "$dir" "$1" "$2"; }

variable() { printf '%s' "$1" | tr 'a-z.-' 'A-Z__'; }

# 'a as aws, b' as lines of 'a aws' and 'b -'.
lines() {
    printf '%s' "$targets" | awk '
    function target() {
        if (name == "") return
        if (name !~ /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/ || format !~ /^(aws|kube|git|gcloud|token|json|-)$/) exit bad = 1
        if (name in seen) exit bad = 1
        seen[name] = 1
        print name, format
        name = ""
    }
    BEGIN { RS = "[,\n]"; FS = "[ \t\r]+" }
    {
        for (i = 1; i <= NF; i++) {
            if ($i == "") continue
            if ($i == "as" && name != "" && i < NF && format == "-") format = $(++i)
            else { target(); name = $i; format = "-" }
        }
        target()
    }
    END { exit bad }'
}

usual() {
    type=$(sh "$client" --from "$answers/$1.json" --show issued_token_type) || exit
    case $type in
        *:aws-credentials) echo aws ;;
        *:kubernetes-exec-credential) echo kube ;;
        *) echo token ;;
    esac
}

# With a session, the newest there is; without, what the job began with.
# shellcheck disable=SC2016 # written for the helper
from_where() {
    if [ -n "$session" ]; then
        printf 'sh %s get --dir %s --target "$1" --format "$2"' "$(quoted "$keeper")" "$(quoted "$answers")"
    else
        printf 'sh %s --from %s"/$1.json" --format "$2"' "$(quoted "$client")" "$(quoted "$answers")"
    fi
}

write_helper() {
    cat >"$dir/helper" <<HELPER
#!/bin/sh
# sh helper FORMAT TARGET: what the tools of this job run when they want a credential.
umask 077
from() { $(from_where); }
case \$1 in
    aws) from "\$2" aws-process ;;
    kube) from "\$2" kube-exec ;;
    token | gcloud) from "\$2" token ;;
    json) from "\$2" json ;;
    git)
        [ "\${3:-get}" = get ] || exit 0
        password=\$(from "\$2" token) || exit
        printf 'username=x-access-token\npassword=%s\n' "\$password"
        ;;
    *) exit 2 ;;
esac
HELPER
}

# A file that a tool reads by itself. A session keeps its own, from the start on.
file() {
    [ -z "$session" ] || return 0
    sh "$dir/helper" "$1" "$2" >"$dir/$2.new" || exit
    mv -f -- "$dir/$2.new" "$dir/$2"
}

exchange() {
    for name in $names; do
        set -- "$@" --target "$name"
    done
    sh "$client" --url "$url" --out-dir "$answers" "$@"
}

open_session() {
    [ -r "$keeper" ] || wrong "--session: tollbridge-session.sh has to lie beside this script"
    for name in $names; do
        set -- "$@" --target "$name"
        case $(format_of "$name") in
            # Where it turns out to be of another kind, it is not written.
            - | token | gcloud) set -- "$@" --out "$name=token:$dir/$name" ;;
            json) set -- "$@" --out "$name=json:$dir/$name.json" ;;
        esac
    done
    sh "$keeper" start --dir "$answers" --url "$url" --watch "$watch" "$@"
}

format_of() { printf '%s\n' "$asked" | awk -v name="$1" '$1 == name { print $2 }'; }

# The job's own profiles stay, behind ours; of a profile that is ours now, region and the like stay.
aws_profiles() {
    before=${AWS_CONFIG_FILE:-${HOME:-/nonexistent}/.aws/config}
    [ -r "$before" ] || before=/dev/null
    first=$(printf '%s' "$aws" | cut -d ' ' -f 1)
    {
        printf '[default]\ncredential_process = %s\n' "$(helper aws "$first")"
        kept default "$before"
        for name in $aws; do
            printf '[profile %s]\ncredential_process = %s\n' "$name" "$(helper aws "$name")"
            kept "profile $name" "$before"
        done
        awk -v ours="$aws" '
        BEGIN { n = split(ours, names, " "); taken["default"] = 1; for (i = 1; i <= n; i++) taken["profile " names[i]] = 1 }
        /^[ \t]*\[/ { section = $0; gsub(/^[ \t]*\[[ \t]*|[ \t]*\][ \t]*\r?$/, "", section) }
        section != "" && !(section in taken)' "$before"
    } >"$dir/aws-config"
    setting AWS_CONFIG_FILE "$dir/aws-config"
    # They would win over a profile.
    printf 'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\n' >>"$dir/env"
}

kept() {
    awk -v want="$1" '
    /^[ \t]*\[/ { section = $0; gsub(/^[ \t]*\[[ \t]*|[ \t]*\][ \t]*\r?$/, "", section); next }
    section == want && /^[ \t]*(region|output|endpoint_url)[ \t]*=/' "$2"
}

# Users only: which cluster, the job's own kubeconfig says.
kube_users() {
    {
        printf '{"apiVersion":"v1","kind":"Config","users":['
        comma=
        for name in $kube; do
            printf '%s{"name":"tollbridge-%s","user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"sh","args":["%s/helper","kube","%s"],"interactiveMode":"Never"}}}' \
                "$comma" "$name" "$dir" "$name"
            comma=,
        done
        printf ']}\n'
    } >"$dir/kubeconfig"
    setting KUBECONFIG "${KUBECONFIG:-${HOME:-/nonexistent}/.kube/config}:$dir/kubeconfig"
}

git_helpers() {
    count=${GIT_CONFIG_COUNT:-0}
    for name in $git; do
        setting "GIT_CONFIG_KEY_$count" credential.https://github.com.helper
        setting "GIT_CONFIG_VALUE_$count" "!$(helper git "$name")"
        count=$((count + 1))
    done
    setting GIT_CONFIG_COUNT "$count"
}

start() {
    [ -n "$targets" ] || wrong "--targets is missing"
    asked=$(lines) || wrong "--targets: 'NAME' or 'NAME as FORMAT', each once; formats are aws, kube, git, gcloud, token, json"
    [ -n "$asked" ] || wrong "--targets names none"
    parent=$(cd -- "$(dirname -- "$dir")" 2>/dev/null && pwd -P) || wrong "--dir: there is no $(dirname -- "$dir")"
    dir=$parent/$(basename -- "$dir")
    # Written into commands and JSON as it is.
    case $dir in *[!A-Za-z0-9/._+@%-]*) wrong "--dir: only letters, digits and / . _ + @ % - in the path" ;; esac
    if [ -n "$workspace" ]; then
        inside=$(cd -- "$workspace" 2>/dev/null && pwd -P) || wrong "--workspace: $workspace is no folder"
        case $dir/ in "$inside"/*) wrong "--dir lies in the workspace: what is there ends up in artefacts and caches" ;; esac
    fi
    mkdir -m 700 -- "$dir" || wrong "--dir: $dir has to be a new folder"
    names=$(printf '%s\n' "$asked" | cut -d ' ' -f 1)
    answers=$dir
    how=exchange
    if [ -n "$session" ]; then
        answers=$dir/session
        how=open_session
    fi
    ($how "$@") || {
        code=$?
        rm -rf -- "$dir"
        exit "$code"
    }
    {
        printf '%s\n' "$url"
        printf '%s\n' "$ca_file"
    } >"$dir/.bridge"
    write_helper
    : >"$dir/env"
    # Whoever has a token that was shown can show it for another target.
    [ -z "$forget" ] || printf 'unset %s\n' "$forget" >>"$dir/env"
    aws='' kube='' git=''
    for name in $names; do
        format=$(format_of "$name")
        [ "$format" != - ] || format=$(usual "$name")
        # A format that does not fit ends it here, and not in the middle of the job.
        sh "$dir/helper" "$format" "$name" >/dev/null || { stop; exit "$USAGE"; }
        case $format in
            aws) aws="$aws${aws:+ }$name" ;;
            kube) kube="$kube${kube:+ }$name" ;;
            git) git="$git${git:+ }$name" ;;
            gcloud)
                file token "$name"
                setting CLOUDSDK_AUTH_ACCESS_TOKEN_FILE "$dir/$name"
                ;;
            token)
                file token "$name"
                setting "TOLLBRIDGE_FILE_$(variable "$name")" "$dir/$name"
                ;;
            # Written by the client, or kept by the session.
            json) setting "TOLLBRIDGE_FILE_$(variable "$name")" "$dir/$name.json" ;;
        esac
    done
    [ -z "$aws" ] || aws_profiles
    [ -z "$kube" ] || kube_users
    [ -z "$git" ] || git_helpers
}

# Also after a start that failed half-way, and twice.
stop() {
    [ -d "$dir" ] && [ ! -L "$dir" ] && [ -O "$dir" ] || return 0
    if [ -d "$dir/session" ]; then
        if sh "$keeper" stop --dir "$dir/session"; then
            say "the session and what it gave: revoked"
        else
            say "tollbridge: the session could not be ended; it ends by itself"
        fi
    elif [ -r "$dir/.bridge" ]; then
        { read -r url && read -r ca_file; } <"$dir/.bridge"
        for answer in "$dir"/*.json; do
            [ -e "$answer" ] || continue
            name=$(basename -- "$answer" .json)
            if sh "$client" --url "$url" ${ca_file:+--ca-file "$ca_file"} --revoke "$answer"; then
                say "$name: revoked"
            else
                say "tollbridge: $name could not be revoked; it ends by itself"
            fi
        done
    fi
    rm -rf -- "$dir"
}

[ -r "$client" ] || wrong "tollbridge-exchange.sh has to lie beside this script"
command=${1:-}
case $command in
    start | stop) shift ;;
    --help | -h)
        usage
        exit 0
        ;;
    *) wrong "start or stop? tollbridge-job.sh --help shows how" ;;
esac
dir='' url=${TOLLBRIDGE_URL:-} targets='' workspace='' ca_file='' forget='' session='' watch=0
# What remains in "$@" is for the client.
left=$#
while [ "$left" -gt 0 ]; do
    flag=$1
    shift
    left=$((left - 1))
    case $flag in
        --gitlab)
            forget=${forget:-TOLLBRIDGE_ID_TOKEN}
            set -- "$@" "$flag"
            continue
            ;;
        --session)
            session=yes
            continue
            ;;
        --github | --azure-devops)
            set -- "$@" "$flag"
            continue
            ;;
        --dir | --url | --targets | --workspace | --watch | --ca-file | --token-file | --token-variable | --gitlab-variable | --audience | --ttl) ;;
        *) wrong "$flag is no option of $command" ;;
    esac
    [ "$left" -gt 0 ] || wrong "$flag needs a value"
    value=$1
    shift
    left=$((left - 1))
    case $flag in
        --dir) dir=$value ;;
        --url) url=$value ;;
        --targets) targets=$value ;;
        --workspace) workspace=$value ;;
        --watch) watch=$value ;;
        --token-variable | --gitlab-variable)
            forget=$value
            set -- "$@" "$flag" "$value"
            ;;
        --ca-file)
            ca_file=$value
            set -- "$@" "$flag" "$value"
            ;;
        *) set -- "$@" "$flag" "$value" ;;
    esac
done
[ -n "$dir" ] || wrong "--dir is missing"
if [ "$command" = start ]; then
    [ -n "$url" ] || wrong "--url is missing"
    start "$@"
else
    stop
fi
