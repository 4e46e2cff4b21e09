#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Clients as they are used, curl and Python's, get what a policy names and nothing else: over HTTP and TLS, by names that dnsmasq
# knows. What is refused is so at once, and counted once. Each is tried unguarded, too.
set -uo pipefail
# shellcheck source=tests/guest/tap.sh
. "$(dirname "$0")/tap.sh"

TESTS=$(cd "$(dirname "$0")" && pwd)
WORK=$(mktemp -d)
GOOD=203.0.113.7 BAD=203.0.113.8 RESOLVER=127.0.0.53
# Seconds within which a refusal has to be noticed: far less than TCP tries to connect.
SOON=$((10 * ${PATIENCE:-1}))
PIDS=()

# Names, their addresses, and who sits there.
start_servers() {
	local address
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=clients" -addext "subjectAltName=DNS:good.n.test,DNS:bad.evil.test" \
		-keyout "$WORK/key" -out "$WORK/certificate" 2>/dev/null
	cat "$WORK/key" "$WORK/certificate" >"$WORK/both"
	for address in "$GOOD" "$BAD"; do
		ip addr add "$address/32" dev lo
		python3 "$TESTS/clients_server.py" "$address" "$WORK/both" &
		PIDS+=($!)
	done
	dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --listen-address=$RESOLVER --bind-interfaces --user=root \
		--host-record=good.n.test,$GOOD --host-record=bad.evil.test,$BAD &
	PIDS+=($!)
	echo "nameserver $RESOLVER" >/etc/resolv.conf
}

# They are there, for who is not guarded.
await_servers() {
	local i
	for ((i = 0; i < 60 * ${PATIENCE:-1}; i++)); do
		ask_curl https://good.n.test:8443/ && ask_curl https://bad.evil.test:8443/ && return
		sleep 1
	done
	return 1
}

# ask_curl URL, ask_python URL: what is there is in OUT, or why not.
ask_curl() {
	OUT=$("${IN[@]}" curl --silent --show-error --location --max-time "$((2 * SOON))" --cacert "$WORK/certificate" "$1" 2>&1)
}

ask_python() {
	OUT=$("${IN[@]}" python3 "$TESTS/clients_ask.py" "$1" "$WORK/certificate" 2>&1)
	[[ $OUT = served ]]
}

# within_soon COMMAND...: it ends soon; returns its status.
within_soon() {
	local began=$SECONDS status
	"$@"
	status=$?
	((SECONDS - began <= SOON)) || OUT+=" (after $((SECONDS - began)) s)"
	((SECONDS - began <= SOON)) && return "$status"
	return 99
}

# count: refusals by the policy so far, and by which hooks, are in COUNTED.
count() {
	COUNTED=$(fnguard counters --policy clients --json |
		jq -r '[.[] | select(.verdict == "denied")] | "\([.[].count] | add // 0) \([.[].hook] | unique | join(","))"')
}

# is_served CLIENT URL WHAT
is_served() {
	local before
	before=$COUNTED
	within_soon "ask_$1" "$2" && count && [[ $OUT = served && $COUNTED = "$before" ]]
	result $? "$1: $3 (said: $OUT; counted $before, now $COUNTED)"
}

# is_kept CLIENT URL WHAT: it fails soon, for being refused, and is counted once, by the hook that knows the task.
is_kept() {
	local before=${COUNTED%% *} status
	within_soon "ask_$1" "$2"
	status=$?
	count
	case $1 in
	curl) ((status == 7)) ;;
	python) [[ $OUT = ConnectionRefusedError ]] ;;
	esac && ((${COUNTED%% *} == before + 1))
	result $? "$1: $3 (said: $OUT, status $status; counted $before, now $COUNTED)"
}

# fresh: a cgroup that has asked for no name is where clients run.
fresh() {
	mkdir -p "/sys/fs/cgroup/clients-$1"
	fnguard cgroup bind "/clients-$1" clients >/dev/null
	# shellcheck disable=SC2016
	IN=(bash -c 'echo $$ >"/sys/fs/cgroup/$0/cgroup.procs" && exec "$@"' "clients-$1")
}

CLIENTS=(curl python)
if ((${PATIENCE:-1} > 1)); then
	CLIENTS=(curl)
	result 0 "python # SKIP it takes minutes on this kernel"
fi
IN=(env)
start_servers
await_servers
result $? "servers and resolver are there (said: $OUT)"
[[ ${LEAVE_OUT:-} = *works_unguarded* ]] || for client in "${CLIENTS[@]}"; do
	for url in "http://good.n.test:8080/" "https://bad.evil.test:8443/" "http://good.n.test:8080/away" "http://$GOOD:8080/"; do
		"ask_$client" "$url" && [[ $OUT = served ]]
		result $? "$client: unguarded, $url is served (said: $OUT)"
	done
done

cat >"$WORK/policy.yaml" <<END
policy: clients
egress:
  default: deny
  resolvers: [$RESOLVER]
  rules: [ { allow: { host: "*.n.test", ports: [8080/tcp, 8443/tcp] } } ]
END
fnguard policy load "$WORK/policy.yaml" >/dev/null
result $? "a policy allows names"
fnguard events >"$WORK/events" 2>/dev/null &
PIDS+=($!)
count
for client in "${CLIENTS[@]}"; do
	fresh "$client"
	is_kept "$client" "http://$GOOD:8080/" "the address of a name that nobody has asked for is refused"
	is_served "$client" http://good.n.test:8080/ "a name that is allowed is served over HTTP"
	is_served "$client" https://good.n.test:8443/ "and over TLS"
	is_kept "$client" http://bad.evil.test:8080/ "another name is refused"
	is_kept "$client" https://bad.evil.test:8443/ "and over TLS"
	is_kept "$client" http://good.n.test:8080/away "who is led to another name does not get there"
	is_kept "$client" "http://$BAD:8080/" "nor who knows its address"
	is_kept "$client" http://good.n.test:8081/ "another port of a name that is allowed is refused"
	is_served "$client" https://good.n.test:8443/ "what is allowed still works"
	[[ $COUNTED = *" socket_connect" ]]
	result $? "$client: nobody else had to refuse anything ($COUNTED)"
	grep -q " denied socket_connect $BAD port 8443/tcp .* in /clients-$client " "$WORK/events"
	result $? "$client: a refusal is told"
done
kill "${PIDS[@]}"
wait
finish
