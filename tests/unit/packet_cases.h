/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The truth table of packets: tests/unit judges its rows as facts, tests/bpf sends them through the
 * kernel as packets.
 *
 * Owns: the rows. One row is one case for each family that its hosts have an address in. A row that
 * is dropped stands beside the smallest change that is allowed, or that gets another reason.
 *
 * The columns: what it is; policy, hook and interface; transport (for TCP the flags); local end,
 * remote end; the problem, if it cannot be judged; the reason. PAST is past_tunnel_* of the family.
 */
#ifndef TEST_PACKET_CASES_H
#define TEST_PACKET_CASES_H

#include "hosts.h"
#include "policies.h"
#include "reasons.h"

struct packet_case {
	const char *name;
	enum which policy;
	u8 hook, dev, proto, flags;
	struct end local, remote;
	u8 problem;
	u8 reason;
};

#define FIN    0x01
#define SYN    0x02
#define RST    0x04
#define ACK    0x10
#define TCP(f) WGF_TCP, (f)
#define UDP    WGF_UDP, 0
#define OUT(d) WGF_EGRESS, (d)
#define IN(d)  WGF_INGRESS, (d)
#define IS(r)  0, WGF_##r
#define PAST   0, WGF_PAST_TUNNEL_IPV4
#define ODD(r) WGF_##r, WGF_##r

/* Of the family; a row names the reason of IPv4. */
static inline u32 case_reason(const struct packet_case *c, bool v6)
{
	return v6 && c->reason == WGF_PAST_TUNNEL_IPV4 ? WGF_PAST_TUNNEL_IPV6 : c->reason;
}

static inline int case_has_family(const struct packet_case *c, bool v6)
{
	if (c->problem == (v6 ? WGF_IP_OPTIONS : WGF_EXTENSION_HEADER))
		return 0;
	return host_text[c->local.host][v6] && host_text[c->remote.host][v6];
}

// clang-format off
static const struct packet_case packet_cases[] = {
	/* Egress, out of the tunnel. */
	{"UDP through the tunnel",                 FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  IS(TUNNEL)},
	{"SYN through the tunnel",                 FULL, OUT(WG0), TCP(SYN),     {TUN, 40000},   {PEER, 6881},  IS(TUNNEL)},
	{"SYN+ACK through the tunnel",             FULL, OUT(WG0), TCP(SYN|ACK), {TUN, 6881},    {PEER, 40000}, IS(TUNNEL)},
	{"from the tunnel's other address",        FULL, OUT(WG0), UDP,          {TUN_OTHER, 40000}, {PEER, 6881}, IS(TUNNEL)},
	{"from the address below the tunnel's",    FULL, OUT(WG0), UDP,          {TUN_BEFORE, 40000}, {PEER, 6881}, IS(WRONG_SOURCE)},
	{"from the address above the tunnel's",    FULL, OUT(WG0), UDP,          {TUN_AFTER, 40000}, {PEER, 6881}, IS(WRONG_SOURCE)},
	{"the LAN address out of the tunnel",      FULL, OUT(WG0), UDP,          {ME, 40000},    {PEER, 6881},  IS(WRONG_SOURCE)},
	{"no source out of the tunnel",            FULL, OUT(WG0), UDP,          {ZERO, 40000},  {PEER, 6881},  IS(WRONG_SOURCE)},
	{"loopback source out of the tunnel",      FULL, OUT(WG0), UDP,          {LOOP, 40000},  {PEER, 6881},  IS(WRONG_SOURCE)},
	{"the WebUI's answer out of the tunnel",   FULL, OUT(WG0), TCP(SYN|ACK), {TUN, 8080},    {PEER, 40000}, IS(WEBUI_TUNNEL)},
	{"the WebUI port opens, out of the tunnel", FULL, OUT(WG0), TCP(SYN),    {TUN, 8080},    {PEER, 6881},  IS(WEBUI_TUNNEL)},
	{"the WebUI's reset out of the tunnel",    FULL, OUT(WG0), TCP(RST),     {TUN, 8080},    {PEER, 40000}, IS(WEBUI_TUNNEL)},
	{"WebUI port and wrong source: the source counts", FULL, OUT(WG0), TCP(ACK), {ME, 8080}, {PEER, 40000}, IS(WRONG_SOURCE)},
	{"the port below the WebUI's",             FULL, OUT(WG0), TCP(SYN),     {TUN, 8079},    {PEER, 6881},  IS(TUNNEL)},
	{"the port above the WebUI's",             FULL, OUT(WG0), TCP(SYN),     {TUN, 8081},    {PEER, 6881},  IS(TUNNEL)},
	{"the WebUI's number in UDP",              FULL, OUT(WG0), UDP,          {TUN, 8080},    {PEER, 6881},  IS(TUNNEL)},
	{"to somebody else's port 8080",           FULL, OUT(WG0), TCP(SYN),     {TUN, 40000},   {PEER, 8080},  IS(TUNNEL)},
	{"port 8080 where there is no WebUI",      NO_WEBUI, OUT(WG0), TCP(SYN|ACK), {TUN, 8080}, {PEER, 40000}, IS(TUNNEL)},
	{"a name query through the tunnel",        FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 53},    IS(TUNNEL)},
	{"NAT-PMP to the tunnel's gateway",        FULL, OUT(WG0), UDP,          {TUN, 40000},   {TUN_BEFORE, 5351}, IS(TUNNEL)},
	{"to a LAN address, but in the tunnel",    FULL, OUT(WG0), TCP(SYN),     {TUN, 40000},   {LAN_HOST, 80}, IS(TUNNEL)},
	{"what a rule names, but in the tunnel",   FULL, OUT(WG0), TCP(SYN),     {TUN, 40000},   {JELLY, 8096}, IS(TUNNEL)},
	{"a rule does not mend a wrong source",    FULL, OUT(WG0), TCP(SYN),     {ME, 40000},    {JELLY, 8096}, IS(WRONG_SOURCE)},
	{"to loopback, bound to the tunnel",       FULL, OUT(WG0), UDP,          {TUN, 40000},   {LOOP, 6881},  IS(LOOPBACK)},
	{"to a rule's loopback, bound to the tunnel", FULL, OUT(WG0), TCP(SYN),  {TUN, 40000},   {LOOP, 9117},  IS(LOOPBACK)},
	{"to the first loopback address",          FULL, OUT(WG0), UDP,          {TUN, 40000},   {LOOP_FIRST, 6881}, IS(LOOPBACK)},
	{"to the last loopback address",           FULL, OUT(WG0), UDP,          {TUN, 40000},   {LOOP_LAST, 6881}, IS(LOOPBACK)},
	{"to the address before loopback",         FULL, OUT(WG0), UDP,          {TUN, 40000},   {LOOP_BEFORE, 6881}, IS(TUNNEL)},
	{"to the address behind loopback",         FULL, OUT(WG0), UDP,          {TUN, 40000},   {LOOP_AFTER, 6881}, IS(TUNNEL)},
	{"multicast out of the tunnel",            FULL, OUT(WG0), UDP,          {TUN, 40000},   {GROUP, 1900}, IS(MULTICAST)},
	{"to the first group",                     FULL, OUT(WG0), UDP,          {TUN, 40000},   {GROUP_FIRST, 6881}, IS(MULTICAST)},
	{"to the last group",                      FULL, OUT(WG0), UDP,          {TUN, 40000},   {GROUP_LAST, 6881}, IS(MULTICAST)},
	{"to the address before the groups",       FULL, OUT(WG0), UDP,          {TUN, 40000},   {GROUP_BEFORE, 6881}, IS(TUNNEL)},
	{"to the address behind the groups",       FULL, OUT(WG0), UDP,          {TUN, 40000},   {GROUP_AFTER, 6881}, IS(TUNNEL)},
	{"a rule's group out of the tunnel",       FULL, OUT(WG0), UDP,          {TUN, 40000},   {RULE_GROUP, 5000}, IS(MULTICAST)},
	{"broadcast out of the tunnel",            FULL, OUT(WG0), UDP,          {TUN, 40000},   {EVERYONE, 6881}, IS(BROADCAST)},
	{"to the address before the broadcast one", FULL, OUT(WG0), UDP,         {TUN, 40000},   {EVERYONE_BEFORE, 6881}, IS(TUNNEL)},
	{"to no address, out of the tunnel",       FULL, OUT(WG0), UDP,          {TUN, 40000},   {ZERO, 6881},  IS(UNSPECIFIED)},
	{"into the network 0, out of the tunnel",  FULL, OUT(WG0), UDP,          {TUN, 40000},   {ZERO_NET, 6881}, IS(UNSPECIFIED)},
	{"to the last address of the network 0",   FULL, OUT(WG0), UDP,          {TUN, 40000},   {ZERO_NET_LAST, 6881}, IS(UNSPECIFIED)},
	{"to the address behind the network 0",    FULL, OUT(WG0), UDP,          {TUN, 40000},   {ZERO_NET_AFTER, 6881}, IS(TUNNEL)},
	{"to an address that is nearly v4-mapped", FULL, OUT(WG0), UDP,          {TUN, 40000},   {MAPPED, 6881}, IS(TUNNEL)},

	/* Egress elsewhere: the WebUI. */
	{"the WebUI answers a named network",      FULL, OUT(ETH0), TCP(SYN|ACK), {ME, 8080},    {LAN_HOST, 40000}, IS(WEBUI)},
	{"the WebUI's data",                       FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI)},
	{"the WebUI's reset, without ACK",         FULL, OUT(ETH0), TCP(RST),    {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI)},
	{"the WebUI's FIN",                        FULL, OUT(ETH0), TCP(FIN|ACK), {ME, 8080},    {LAN_HOST, 40000}, IS(WEBUI)},
	{"no flag at all from the WebUI port",     FULL, OUT(ETH0), TCP(0),      {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI)},
	{"the WebUI port opens a connection",      FULL, OUT(ETH0), TCP(SYN),    {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI_OPENS)},
	{"SYN and RST, without ACK, opens",        FULL, OUT(ETH0), TCP(SYN|RST), {ME, 8080},    {LAN_HOST, 40000}, IS(WEBUI_OPENS)},
	{"SYN and FIN, without ACK, opens",        FULL, OUT(ETH0), TCP(SYN|FIN), {ME, 8080},    {LAN_HOST, 40000}, IS(WEBUI_OPENS)},
	{"the WebUI port opens, to nobody named",  FULL, OUT(ETH0), TCP(SYN),    {ME, 8080},     {PEER, 40000}, IS(WEBUI_OPENS)},
	{"the WebUI answers the internet",         FULL, OUT(ETH0), TCP(SYN|ACK), {ME, 8080},    {PEER, 40000}, IS(WEBUI_NETWORK)},
	{"a named network by another interface",   FULL, OUT(ETH1), TCP(SYN|ACK), {ME, 8080},    {LAN_HOST, 40000}, IS(WEBUI_NETWORK)},
	{"the first address of a named network",   FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_FIRST, 40000}, IS(WEBUI)},
	{"the last address of a named network",    FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_LAST, 40000}, IS(WEBUI)},
	{"the address before a named network",     FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_BEFORE, 40000}, IS(WEBUI_NETWORK)},
	{"the address behind a named network",     FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_AFTER, 40000}, IS(WEBUI_NETWORK)},
	{"the port below the WebUI's",             FULL, OUT(ETH0), TCP(ACK),    {ME, 8079},     {LAN_HOST, 40000}, PAST},
	{"the port above the WebUI's",             FULL, OUT(ETH0), TCP(ACK),    {ME, 8081},     {LAN_HOST, 40000}, PAST},
	{"the WebUI's number in UDP is ordinary",  FULL, OUT(ETH0), UDP,         {ME, 8080},     {LAN_HOST, 40000}, PAST},
	{"to somebody else's WebUI",               FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {LAN_HOST, 8080}, PAST},
	{"port 8080 where there is no WebUI",      NO_WEBUI, OUT(ETH0), TCP(ACK), {ME, 8080},    {LAN_HOST, 40000}, PAST},
	{"the WebUI answers localhost",            FULL, OUT(LO), TCP(SYN|ACK),  {LOOP, 8080},   {LOOP, 40000}, IS(WEBUI)},
	{"this host's LAN address is localhost",   FULL, OUT(LO), TCP(SYN|ACK),  {ME, 8080},     {ME, 40000},   IS(WEBUI)},
	{"this host's tunnel address, by lo",      FULL, OUT(LO), TCP(SYN|ACK),  {TUN, 8080},    {TUN, 40000},  IS(WEBUI)},
	{"the WebUI port opens, by lo",            FULL, OUT(LO), TCP(SYN),      {LOOP, 8080},   {LOOP, 40000}, IS(WEBUI_OPENS)},
	{"loopback address, but not by lo",        FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LOOP, 40000}, IS(WEBUI_NETWORK)},
	{"localhost where it is not named",        NO_LOCALHOST, OUT(LO), TCP(SYN|ACK), {LOOP, 8080}, {LOOP, 40000}, IS(WEBUI_NETWORK)},
	{"a named network, by lo, localhost not named", NO_LOCALHOST, OUT(LO), TCP(ACK), {ME, 8080}, {ME, 40000}, IS(WEBUI_NETWORK)},
	{"the WebUI answers without a tunnel",     NO_TUNNEL, OUT(ETH0), TCP(SYN|ACK), {ME, 8080}, {LAN_HOST, 40000}, IS(WEBUI)},
	{"no connect rule for the WebUI port",     FULL, OUT(ETH1), TCP(ACK),    {ME_ETH1, 8080}, {EDGE_FIRST, 443}, IS(WEBUI_NETWORK)},
	{"no connect rule opens from the WebUI port", FULL, OUT(ETH0), TCP(SYN), {ME, 8080},     {JELLY, 8096}, IS(WEBUI_OPENS)},

	/* Egress elsewhere: connect rules. */
	{"a connect rule",                         FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {JELLY, 8096}, IS(RULE)},
	{"a connect rule, data",                   FULL, OUT(ETH0), TCP(ACK),    {ME, 40000},    {JELLY, 8096}, IS(RULE)},
	{"a connect rule holds without a tunnel",  NO_TUNNEL, OUT(ETH0), TCP(SYN), {ME, 40000},  {JELLY, 8096}, IS(RULE)},
	{"where there are no rules",               NO_RULES, OUT(ETH0), TCP(SYN), {ME, 40000},   {JELLY, 8096}, PAST},
	{"a connect rule without dev: any interface", FULL, OUT(ETH1), TCP(SYN), {ME_ETH1, 40000}, {JELLY, 8096}, IS(RULE)},
	{"a connect rule without dev: lo too",     FULL, OUT(LO), TCP(SYN),      {JELLY, 40000}, {JELLY, 8096}, IS(RULE)},
	{"the port below the rule's",              FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {JELLY, 8095}, PAST},
	{"the port above the rule's",              FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {JELLY, 8097}, PAST},
	{"the rule's port as the own one",         FULL, OUT(ETH0), TCP(SYN),    {ME, 8096},     {JELLY, 40000}, PAST},
	{"the address before the rule's",          FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {JELLY_BEFORE, 8096}, PAST},
	{"the address behind the rule's",          FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {JELLY_AFTER, 8096}, PAST},
	{"UDP where the rule says TCP",            FULL, OUT(ETH0), UDP,         {ME, 40000},    {JELLY, 8096}, PAST},
	{"the first address of a rule's prefix",   FULL, OUT(ETH1), TCP(SYN),    {ME_ETH1, 40000}, {EDGE_FIRST, 443}, IS(RULE)},
	{"the last address of a rule's prefix",    FULL, OUT(ETH1), TCP(SYN),    {ME_ETH1, 40000}, {EDGE_LAST, 443}, IS(RULE)},
	{"the address before a rule's prefix",     FULL, OUT(ETH1), TCP(SYN),    {ME_ETH1, 40000}, {EDGE_BEFORE, 443}, PAST},
	{"the address behind a rule's prefix",     FULL, OUT(ETH1), TCP(SYN),    {ME_ETH1, 40000}, {EDGE_AFTER, 443}, PAST},
	{"a rule with dev, by another interface",  FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {EDGE_FIRST, 443}, PAST},
	{"a rule whose interface is not there",    FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {GONE, 443},   PAST},
	{"a rule that names loopback",             FULL, OUT(LO), TCP(SYN),      {LOOP, 40000},  {LOOP, 9117},  IS(RULE)},
	{"the port above the loopback rule's",     FULL, OUT(LO), TCP(SYN),      {LOOP, 40000},  {LOOP, 9118},  IS(LOOPBACK)},
	{"a rule that names a group",              FULL, OUT(ETH0), UDP,         {ME, 40000},    {RULE_GROUP, 5000}, IS(RULE)},
	{"the port above the group's",             FULL, OUT(ETH0), UDP,         {ME, 40000},    {RULE_GROUP, 5001}, IS(MULTICAST)},
	{"a rule that names a resolver",           FULL, OUT(ETH0), UDP,         {ME, 40000},    {RESOLVER, 53}, IS(RULE)},
	{"TCP to the resolver of a UDP rule",      FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {RESOLVER, 53}, IS(DNS)},

	/* Egress elsewhere: what has a reason of its own. */
	{"NAT-PMP at the router",                  FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 5351}, IS(PORT_MAPPING)},
	{"the port below NAT-PMP's",               FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 5350}, PAST},
	{"the port above NAT-PMP's",               FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 5352}, PAST},
	{"NAT-PMP's number in TCP",                FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {ROUTER, 5351}, PAST},
	{"UPnP's search",                          FULL, OUT(ETH0), UDP,         {ME, 40000},    {GROUP, 1900}, IS(PORT_MAPPING)},
	{"UPnP's search, at the router",           FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 1900}, IS(PORT_MAPPING)},
	{"the port below UPnP's",                  FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 1899}, PAST},
	{"the port above UPnP's",                  FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 1901}, PAST},
	{"UPnP's number in TCP",                   FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {ROUTER, 1900}, PAST},
	{"NAT-PMP by loopback: port mapping first", FULL, OUT(LO), UDP,          {LOOP, 40000},  {LOOP, 5351},  IS(PORT_MAPPING)},
	{"NAT-PMP without a tunnel",               NO_TUNNEL, OUT(ETH0), UDP,    {ME, 40000},    {ROUTER, 5351}, IS(PORT_MAPPING)},
	{"BitTorrent local discovery",             FULL, OUT(ETH0), UDP,         {ME, 6771},     {GROUP, 6771}, IS(LOCAL_DISCOVERY)},
	{"BitTorrent local discovery, unicast",    FULL, OUT(ETH0), UDP,         {ME, 6771},     {LAN_HOST, 6771}, IS(LOCAL_DISCOVERY)},
	{"the port below local discovery's",       FULL, OUT(ETH0), UDP,         {ME, 6771},     {LAN_HOST, 6770}, PAST},
	{"the port above local discovery's",       FULL, OUT(ETH0), UDP,         {ME, 6771},     {LAN_HOST, 6772}, PAST},
	{"local discovery's number in TCP",        FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {LAN_HOST, 6771}, PAST},
	{"mDNS",                                   FULL, OUT(ETH0), UDP,         {ME, 5353},     {GROUP, 5353}, IS(LOCAL_DISCOVERY)},
	{"the port below mDNS's",                  FULL, OUT(ETH0), UDP,         {ME, 5353},     {LAN_HOST, 5352}, PAST},
	{"the port above mDNS's",                  FULL, OUT(ETH0), UDP,         {ME, 5353},     {LAN_HOST, 5354}, PAST},
	{"mDNS's number in TCP",                   FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {LAN_HOST, 5353}, PAST},
	{"other multicast",                        FULL, OUT(ETH0), UDP,         {ME, 40000},    {GROUP, 6881}, IS(MULTICAST)},
	{"DNS to a group: multicast first",        FULL, OUT(ETH0), UDP,         {ME, 40000},    {GROUP, 53},   IS(MULTICAST)},
	{"the address before the groups",          FULL, OUT(ETH0), UDP,         {ME, 40000},    {GROUP_BEFORE, 6881}, PAST},
	{"the address behind the groups",          FULL, OUT(ETH0), UDP,         {ME, 40000},    {GROUP_AFTER, 6881}, PAST},
	{"broadcast",                              FULL, OUT(ETH0), UDP,         {ME, 40000},    {EVERYONE, 6881}, IS(BROADCAST)},
	{"UPnP's search by broadcast",             FULL, OUT(ETH0), UDP,         {ME, 40000},    {EVERYONE, 1900}, IS(PORT_MAPPING)},
	{"local discovery by broadcast",           FULL, OUT(ETH0), UDP,         {ME, 6771},     {EVERYONE, 6771}, IS(LOCAL_DISCOVERY)},
	{"broadcast without a tunnel",             NO_TUNNEL, OUT(ETH0), UDP,    {ME, 40000},    {EVERYONE, 6881}, IS(BROADCAST)},
	{"the address before the broadcast one",   FULL, OUT(ETH0), UDP,         {ME, 40000},    {EVERYONE_BEFORE, 6881}, PAST},
	{"the broadcast address of a network",     FULL, OUT(ETH0), UDP,         {ME, 40000},    {LAN_ALL, 6881}, IS(BROADCAST)},
	{"that of another interface's network",    FULL, OUT(ETH0), UDP,         {ME, 40000},    {ETH1_ALL, 6881}, IS(BROADCAST)},
	{"the address before a network's broadcast", FULL, OUT(ETH0), UDP,       {ME, 40000},    {LAN_ALL_BEFORE, 6881}, PAST},
	{"the address behind a network's broadcast", FULL, OUT(ETH0), UDP,       {ME, 40000},    {LAN_ALL_AFTER, 6881}, PAST},
	{"DNS to a broadcast: broadcast first",    FULL, OUT(ETH0), UDP,         {ME, 40000},    {LAN_ALL, 53}, IS(BROADCAST)},
	{"a name query at the router",             FULL, OUT(ETH0), UDP,         {ME, 40000},    {ROUTER, 53},  IS(DNS)},
	{"a name query by TCP",                    FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {PEER, 53},    IS(DNS)},
	{"a name query over TLS",                  FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {PEER, 853},   IS(DNS)},
	{"a name query over QUIC",                 FULL, OUT(ETH0), UDP,         {ME, 40000},    {PEER, 853},   IS(DNS)},
	{"a name query to the stub resolver",      FULL, OUT(LO), UDP,           {LOOP, 40000},  {LOOP, 53},    IS(DNS)},
	{"a name query without a tunnel",          NO_TUNNEL, OUT(ETH0), UDP,    {ME, 40000},    {ROUTER, 53},  IS(DNS)},
	{"the port below DNS",                     FULL, OUT(ETH0), UDP,         {ME, 40000},    {PEER, 52},    PAST},
	{"the port above DNS",                     FULL, OUT(ETH0), UDP,         {ME, 40000},    {PEER, 54},    PAST},
	{"the port below DNS over TLS",            FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {PEER, 852},   PAST},
	{"the port above DNS over TLS",            FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {PEER, 854},   PAST},
	{"port 53 as the own one",                 FULL, OUT(ETH0), UDP,         {ME, 53},       {PEER, 40000}, PAST},

	/* Egress elsewhere: serve rules. */
	{"a serve rule answers",                   FULL, OUT(ETH0), TCP(SYN|ACK), {ME, 9091},    {LAN_HOST, 40000}, IS(RULE)},
	{"a serve rule's reset",                   FULL, OUT(ETH0), TCP(RST),    {ME, 9091},     {LAN_HOST, 40000}, IS(RULE)},
	{"a serve rule does not open",             FULL, OUT(ETH0), TCP(SYN),    {ME, 9091},     {LAN_HOST, 40000}, PAST},
	{"a serve rule holds without a tunnel",    NO_TUNNEL, OUT(ETH0), TCP(ACK), {ME, 9091},   {LAN_HOST, 40000}, IS(RULE)},
	{"the port below the serve rule's",        FULL, OUT(ETH0), TCP(ACK),    {ME, 9090},     {LAN_HOST, 40000}, PAST},
	{"the port above the serve rule's",        FULL, OUT(ETH0), TCP(ACK),    {ME, 9092},     {LAN_HOST, 40000}, PAST},
	{"the serve rule's port as the remote one", FULL, OUT(ETH0), TCP(ACK),   {ME, 40000},    {LAN_HOST, 9091}, PAST},
	{"the address before the serve rule's",    FULL, OUT(ETH0), TCP(ACK),    {ME, 9091},     {LAN_BEFORE, 40000}, PAST},
	{"the address behind the serve rule's",    FULL, OUT(ETH0), TCP(ACK),    {ME, 9091},     {LAN_AFTER, 40000}, PAST},
	{"a serve rule for UDP",                   FULL, OUT(ETH0), UDP,         {ME, 6882},     {LAN_HOST, 40000}, IS(RULE)},
	{"UDP where the serve rule says TCP",      FULL, OUT(ETH0), UDP,         {ME, 9091},     {LAN_HOST, 40000}, PAST},
	{"TCP where the serve rule says UDP",      FULL, OUT(ETH0), TCP(ACK),    {ME, 6882},     {LAN_HOST, 40000}, PAST},
	{"no name query by a serve rule",          FULL, OUT(ETH0), UDP,         {ME, 6882},     {ROUTER, 53},  IS(DNS)},
	{"no port mapping by a serve rule",        FULL, OUT(ETH0), UDP,         {ME, 6882},     {ROUTER, 5351}, IS(PORT_MAPPING)},
	{"no local discovery by a serve rule",     FULL, OUT(ETH0), UDP,         {ME, 6882},     {LAN_HOST, 6771}, IS(LOCAL_DISCOVERY)},
	{"no broadcast by a serve rule",           FULL, OUT(ETH0), UDP,         {ME, 6882},     {LAN_ALL, 40000}, IS(BROADCAST)},
	{"what a serve rule serves, by lo",        FULL, OUT(LO), TCP(ACK),      {ME, 9091},     {LAN_HOST, 40000}, IS(RULE)},

	/* Egress elsewhere: the last word. */
	{"past the tunnel",                        FULL, OUT(ETH0), UDP,         {ME, 40000},    {PEER, 6881},  PAST},
	{"past the tunnel, with its address",      FULL, OUT(ETH0), UDP,         {TUN, 40000},   {PEER, 6881},  PAST},
	{"past the tunnel, TCP",                   FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {PEER, 443},   PAST},
	{"to the LAN",                             FULL, OUT(ETH0), TCP(SYN),    {ME, 40000},    {LAN_HOST, 445}, PAST},
	{"no tunnel",                              NO_TUNNEL, OUT(ETH0), UDP,    {ME, 40000},    {PEER, 6881},  IS(NO_TUNNEL)},
	{"no tunnel, another device has its index", NO_TUNNEL, OUT(WG0), UDP,    {TUN, 40000},   {PEER, 6881},  IS(NO_TUNNEL)},
	{"the tunnel lost its address",            NO_ADDRESS, OUT(WG0), UDP,    {TUN, 40000},   {PEER, 6881},  IS(WRONG_SOURCE)},
	{"no rule reaches a tunnel without address", NO_ADDRESS, OUT(WG0), TCP(SYN), {ME, 40000}, {JELLY, 8096}, IS(WRONG_SOURCE)},
	{"the tunnel lost its address: elsewhere", NO_ADDRESS, OUT(ETH0), UDP,   {ME, 40000},    {PEER, 6881},  IS(NO_TUNNEL)},
	{"loopback",                               FULL, OUT(LO), UDP,           {LOOP, 40000},  {LOOP, 6881},  IS(LOOPBACK)},
	{"loopback without a tunnel",              NO_TUNNEL, OUT(LO), UDP,      {LOOP, 40000},  {LOOP, 6881},  IS(LOOPBACK)},
	{"this host's LAN address, by lo",         FULL, OUT(LO), TCP(SYN),      {ME, 40000},    {ME, 445},     IS(LOOPBACK)},
	{"a loopback address, by eth0",            FULL, OUT(ETH0), UDP,         {ME, 40000},    {LOOP, 6881},  IS(LOOPBACK)},
	{"no destination, by eth0",                FULL, OUT(ETH0), UDP,         {ME, 40000},    {ZERO, 6881},  PAST},

	/* Ingress. */
	{"UDP from the tunnel",                    FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, IS(TUNNEL)},
	{"SYN from the tunnel",                    FULL, IN(WG0), TCP(SYN),      {TUN, 6881},    {PEER, 40000}, IS(TUNNEL)},
	{"from the tunnel, to any address",        FULL, IN(WG0), UDP,           {ME, 6881},     {PEER, 40000}, IS(TUNNEL)},
	{"from the tunnel to the WebUI",           FULL, IN(WG0), TCP(SYN),      {TUN, 8080},    {PEER, 40000}, IS(WEBUI_TUNNEL)},
	{"from the tunnel to the WebUI, not a SYN", FULL, IN(WG0), TCP(ACK),     {TUN, 8080},    {PEER, 40000}, IS(WEBUI_TUNNEL)},
	{"a named address, but from the tunnel",   FULL, IN(WG0), TCP(SYN),      {TUN, 8080},    {LAN_HOST, 40000}, IS(WEBUI_TUNNEL)},
	{"the port below the WebUI's",             FULL, IN(WG0), TCP(SYN),      {TUN, 8079},    {PEER, 40000}, IS(TUNNEL)},
	{"the port above the WebUI's",             FULL, IN(WG0), TCP(SYN),      {TUN, 8081},    {PEER, 40000}, IS(TUNNEL)},
	{"the WebUI's number in UDP",              FULL, IN(WG0), UDP,           {TUN, 8080},    {PEER, 40000}, IS(TUNNEL)},
	{"from the tunnel, no WebUI",              NO_WEBUI, IN(WG0), TCP(SYN),  {TUN, 8080},    {PEER, 40000}, IS(TUNNEL)},
	{"from an index that was the tunnel's",    NO_TUNNEL, IN(WG0), UDP,      {TUN, 6881},    {PEER, 40000}, IS(UNEXPECTED_INBOUND)},
	{"a named network asks the WebUI",         FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI)},
	{"a named network asks on",                FULL, IN(ETH0), TCP(ACK),     {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI)},
	{"by another interface",                   FULL, IN(ETH1), TCP(SYN),     {ME, 8080},     {LAN_HOST, 40000}, IS(WEBUI_NETWORK)},
	{"a network that is not named",            FULL, IN(ETH1), TCP(SYN),     {ME_ETH1, 8080}, {ETH1_HOST, 40000}, IS(WEBUI_NETWORK)},
	{"the internet asks the WebUI",            FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {PEER, 40000}, IS(WEBUI_NETWORK)},
	{"the first address of a named network",   FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {LAN_FIRST, 40000}, IS(WEBUI)},
	{"the last address of a named network",    FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {LAN_LAST, 40000}, IS(WEBUI)},
	{"the address before a named network",     FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {LAN_BEFORE, 40000}, IS(WEBUI_NETWORK)},
	{"the address behind a named network",     FULL, IN(ETH0), TCP(SYN),     {ME, 8080},     {LAN_AFTER, 40000}, IS(WEBUI_NETWORK)},
	{"localhost asks the WebUI",               FULL, IN(LO), TCP(SYN),       {LOOP, 8080},   {LOOP, 40000}, IS(WEBUI)},
	{"localhost asks by the LAN address",      FULL, IN(LO), TCP(SYN),       {ME, 8080},     {ME, 40000},   IS(WEBUI)},
	{"localhost where it is not named",        NO_LOCALHOST, IN(LO), TCP(SYN), {LOOP, 8080}, {LOOP, 40000}, IS(WEBUI_NETWORK)},
	{"UDP to the WebUI's number",              FULL, IN(ETH0), UDP,          {ME, 8080},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"the port below the WebUI's",             FULL, IN(ETH0), TCP(SYN),     {ME, 8079},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"the port above the WebUI's",             FULL, IN(ETH0), TCP(SYN),     {ME, 8081},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"port 8080 where there is no WebUI",      NO_WEBUI, IN(ETH0), TCP(SYN), {ME, 8080},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"what a connect rule asked for",          FULL, IN(ETH0), TCP(SYN|ACK), {ME, 40000},    {JELLY, 8096}, IS(RULE)},
	{"its reset, without ACK",                 FULL, IN(ETH0), TCP(RST),     {ME, 40000},    {JELLY, 8096}, IS(RULE)},
	{"a connect rule's remote end opens",      FULL, IN(ETH0), TCP(SYN),     {ME, 40000},    {JELLY, 8096}, IS(UNEXPECTED_INBOUND)},
	{"the port below the connect rule's",      FULL, IN(ETH0), TCP(ACK),     {ME, 40000},    {JELLY, 8095}, IS(UNEXPECTED_INBOUND)},
	{"the port above the connect rule's",      FULL, IN(ETH0), TCP(ACK),     {ME, 40000},    {JELLY, 8097}, IS(UNEXPECTED_INBOUND)},
	{"the address before the connect rule's",  FULL, IN(ETH0), TCP(ACK),     {ME, 40000},    {JELLY_BEFORE, 8096}, IS(UNEXPECTED_INBOUND)},
	{"the address behind the connect rule's",  FULL, IN(ETH0), TCP(ACK),     {ME, 40000},    {JELLY_AFTER, 8096}, IS(UNEXPECTED_INBOUND)},
	{"UDP where the connect rule says TCP",    FULL, IN(ETH0), UDP,          {ME, 40000},    {JELLY, 8096}, IS(UNEXPECTED_INBOUND)},
	{"a connect rule does not reach the WebUI", FULL, IN(ETH1), TCP(ACK),    {ME_ETH1, 8080}, {EDGE_FIRST, 443}, IS(WEBUI_NETWORK)},
	{"the answer of a rule's resolver",        FULL, IN(ETH0), UDP,          {ME, 40000},    {RESOLVER, 53}, IS(RULE)},
	{"the answer of another resolver",         FULL, IN(ETH0), UDP,          {ME, 40000},    {ROUTER, 53},  IS(UNEXPECTED_INBOUND)},
	{"a rule with dev, by its interface",      FULL, IN(ETH1), TCP(ACK),     {ME_ETH1, 40000}, {EDGE_LAST, 443}, IS(RULE)},
	{"a rule with dev, by another interface",  FULL, IN(ETH0), TCP(ACK),     {ME, 40000},    {EDGE_LAST, 443}, IS(UNEXPECTED_INBOUND)},
	{"a serve rule is asked",                  FULL, IN(ETH0), TCP(SYN),     {ME, 9091},     {LAN_HOST, 40000}, IS(RULE)},
	{"a serve rule is asked by any interface", FULL, IN(ETH1), TCP(SYN),     {ME_ETH1, 9091}, {LAN_HOST, 40000}, IS(RULE)},
	{"a serve rule is asked by UDP",           FULL, IN(ETH0), UDP,          {ME, 6882},     {LAN_HOST, 40000}, IS(RULE)},
	{"the port below the serve rule's",        FULL, IN(ETH0), TCP(SYN),     {ME, 9090},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"the port above the serve rule's",        FULL, IN(ETH0), TCP(SYN),     {ME, 9092},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"the address before the serve rule's",    FULL, IN(ETH0), TCP(SYN),     {ME, 9091},     {LAN_BEFORE, 40000}, IS(UNEXPECTED_INBOUND)},
	{"the address behind the serve rule's",    FULL, IN(ETH0), TCP(SYN),     {ME, 9091},     {LAN_AFTER, 40000}, IS(UNEXPECTED_INBOUND)},
	{"where there are no rules",               NO_RULES, IN(ETH0), TCP(SYN), {ME, 9091},     {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},
	{"rules hold without a tunnel",            NO_TUNNEL, IN(ETH0), TCP(SYN), {ME, 9091},    {LAN_HOST, 40000}, IS(RULE)},
	{"nobody asked for it",                    FULL, IN(ETH0), UDP,          {ME, 6881},     {PEER, 40000}, IS(UNEXPECTED_INBOUND)},
	{"nobody asked for it, by loopback",       FULL, IN(LO), UDP,            {LOOP, 6881},   {LOOP, 40000}, IS(UNEXPECTED_INBOUND)},
	{"somebody's broadcast",                   FULL, IN(ETH0), UDP,          {EVERYONE, 6881}, {LAN_HOST, 40000}, IS(UNEXPECTED_INBOUND)},

	/* What cannot be judged is dropped, wherever it goes; beside them stands the first row. */
	{"malformed, out of the tunnel",           FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  ODD(MALFORMED)},
	{"a fragment, out of the tunnel",          FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  ODD(FRAGMENT)},
	{"options, out of the tunnel",             FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  ODD(IP_OPTIONS)},
	{"an extension header, out of the tunnel", FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  ODD(EXTENSION_HEADER)},
	{"another transport, out of the tunnel",   FULL, OUT(WG0), UDP,          {TUN, 40000},   {PEER, 6881},  ODD(TRANSPORT)},
	{"a fragment of the WebUI's answer",       FULL, OUT(ETH0), TCP(ACK),    {ME, 8080},     {LAN_HOST, 40000}, ODD(FRAGMENT)},
	{"malformed, from the tunnel",             FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, ODD(MALFORMED)},
	{"a fragment, from the tunnel",            FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, ODD(FRAGMENT)},
	{"options, from the tunnel",               FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, ODD(IP_OPTIONS)},
	{"an extension header, from the tunnel",   FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, ODD(EXTENSION_HEADER)},
	{"another transport, from the tunnel",     FULL, IN(WG0), UDP,           {TUN, 6881},    {PEER, 40000}, ODD(TRANSPORT)},

	/* Audit mode gives the same reasons. */
	{"audit: through the tunnel",              AUDIT, OUT(WG0), UDP,         {TUN, 40000},   {PEER, 6881},  IS(TUNNEL)},
	{"audit: wrong source",                    AUDIT, OUT(WG0), UDP,         {ME, 40000},    {PEER, 6881},  IS(WRONG_SOURCE)},
	{"audit: past the tunnel",                 AUDIT, OUT(ETH0), UDP,        {ME, 40000},    {PEER, 6881},  PAST},
	{"audit: unexpected inbound",              AUDIT, IN(ETH0), UDP,         {ME, 6881},     {PEER, 40000}, IS(UNEXPECTED_INBOUND)},
	{"audit: a fragment",                      AUDIT, OUT(WG0), UDP,         {TUN, 40000},   {PEER, 6881},  ODD(FRAGMENT)},

	/* No policy admits nothing, whatever the packet looks like; nor does one that is not understood. */
	{"empty: through the tunnel",              EMPTY, OUT(WG0), UDP,         {TUN, 40000},   {PEER, 6881},  IS(NO_POLICY)},
	{"empty: by loopback",                     EMPTY, OUT(LO), TCP(SYN),     {LOOP, 40000},  {LOOP, 9117},  IS(NO_POLICY)},
	{"empty: no source, no destination",       EMPTY, OUT(ETH0), UDP,        {ZERO, 0},      {ZERO, 0},     IS(NO_POLICY)},
	{"empty: from the tunnel",                 EMPTY, IN(WG0), UDP,          {TUN, 6881},    {PEER, 40000}, IS(NO_POLICY)},
	{"empty: to the WebUI",                    EMPTY, IN(ETH0), TCP(SYN),    {ME, 8080},     {LAN_HOST, 40000}, IS(NO_POLICY)},
	{"not understood: through the tunnel",     FOREIGN, OUT(WG0), UDP,       {TUN, 40000},   {PEER, 6881},  IS(NO_POLICY)},
	{"not understood: a rule",                 FOREIGN, OUT(ETH0), TCP(SYN), {ME, 40000},    {JELLY, 8096}, IS(NO_POLICY)},
	{"not understood: from the tunnel",        FOREIGN, IN(WG0), UDP,        {TUN, 6881},    {PEER, 40000}, IS(NO_POLICY)},
};
// clang-format on

#define N_PACKET_CASES (sizeof(packet_cases) / sizeof(packet_cases[0]))

#endif
