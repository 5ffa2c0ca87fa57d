/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reasons: every answer that the verdict can give, once.
 *
 * Owns: the one list from which the enum, the texts, the metric labels and the manual's table are
 * made. Codes are the order of the list; a new reason goes to the end of its part and changes
 * WGF_LAYOUT. Must never be repeated by hand anywhere.
 *
 * X(NAME, label, kind, where, text, sentence)
 *   kind      ALLOW or DROP
 *   where     the hooks at which it can occur: E egress, I ingress, C connect, B bind,
 *             S sock_create, O setsockopt, U unix, G guard
 *   text      what a line of output says
 *   sentence  what the manual says
 */
#ifndef WGF_REASONS_H
#define WGF_REASONS_H

#include "types.h"

#define WGF_REASONS(X)                                                                             \
	X(NO_POLICY, "no_policy", DROP, E | I | C | B | S | O | U, "no policy in force",           \
	  "The fence holds no policy that its programs understand; nothing is admitted.")          \
	X(TUNNEL, "tunnel", ALLOW, E | I | C, "through the tunnel",                                \
	  "Through the tunnel interface; outgoing with one of the tunnel's own addresses as "      \
	  "source.")                                                                               \
	X(WEBUI, "webui", ALLOW, E | I, "WebUI, named network",                                    \
	  "Between the WebUI port and a network named in [webui], on that network's interface.")   \
	X(RULE, "rule", ALLOW, E | I | C, "a rule names it", "A line of [rules] names it.")        \
	X(CALL, "call", ALLOW, B | S | O | U | G, "the call is harmless",                          \
	  "A socket call that the fence has nothing against; at the guard a packet that is none "  \
	  "of its business, which is not counted.")                                                \
	X(MALFORMED, "malformed", DROP, E | I, "packet cannot be read",                            \
	  "The headers are cut short, of another version than the kernel says, or carry an IPv4 "  \
	  "address inside IPv6.")                                                                  \
	X(FRAGMENT, "fragment", DROP, E | I, "fragment",                                           \
	  "A fragment, of which only the first would show its ports.")                             \
	X(IP_OPTIONS, "ip_options", DROP, E | I, "IPv4 options",                                   \
	  "An IPv4 header with options; source routing hides the real destination there.")         \
	X(EXTENSION_HEADER, "extension_header", DROP, E | I, "IPv6 extension header",              \
	  "An IPv6 extension header; a routing header hides the real destination there.")          \
	X(TRANSPORT, "transport", DROP, E | I | C, "neither TCP nor UDP",                          \
	  "A transport other than TCP and UDP, such as ICMP, SCTP or UDP-Lite.")                   \
	X(WRONG_SOURCE, "wrong_source", DROP, E, "wrong source in the tunnel",                     \
	  "Out of the tunnel's interface, but not from one of the tunnel's own addresses.")        \
	X(WEBUI_TUNNEL, "webui_tunnel", DROP, E | I, "WebUI through the tunnel",                   \
	  "To or from the WebUI port through the tunnel, where the whole internet could be.")      \
	X(WEBUI_OPENS, "webui_opens", DROP, E | C, "connection opened from the WebUI port",        \
	  "The WebUI port only answers; a connection opened from it would be a way out.")          \
	X(WEBUI_NETWORK, "webui_network", DROP, E | I, "WebUI, network not named",                 \
	  "To or from the WebUI port and a network, or an interface, that [webui] does not name.") \
	X(PORT_MAPPING, "port_mapping", DROP, E | C, "port mapping at the router",                 \
	  "NAT-PMP, PCP (UDP 5351) or UPnP discovery (UDP 1900), asking the router for an open "   \
	  "port.")                                                                                 \
	X(LOCAL_DISCOVERY, "local_discovery", DROP, E | C, "local discovery",                      \
	  "BitTorrent local discovery (UDP 6771) or mDNS (UDP 5353): ordinary noise.")             \
	X(MULTICAST, "multicast", DROP, E | C, "multicast", "A multicast destination.")            \
	X(BROADCAST, "broadcast", DROP, E | C, "broadcast",                                        \
	  "The broadcast address, or that of one of the host's networks.")                         \
	X(DNS, "dns", DROP, E | C, "DNS past the tunnel",                                          \
	  "A name query (port 53 or 853) that would not have gone through the tunnel.")            \
	X(LOOPBACK, "loopback", DROP, E | C, "loopback",                                           \
	  "To this host itself: a helper there could speak for the service.")                      \
	X(UNSPECIFIED, "unspecified", DROP, E | C, "no destination",                               \
	  "To the unspecified address or the network 0.0.0.0/8, which are nowhere.")               \
	X(NO_TUNNEL, "no_tunnel", DROP, E | C, "no tunnel",                                        \
	  "The tunnel is not there (no interface, down, or without an address), and nothing else " \
	  "admits it.")                                                                            \
	X(PAST_TUNNEL_IPV4, "past_tunnel_ipv4", DROP, E, "past the tunnel (IPv4)",                 \
	  "IPv4 by another interface than the tunnel: without the fence, a leak.")                 \
	X(PAST_TUNNEL_IPV6, "past_tunnel_ipv6", DROP, E, "past the tunnel (IPv6)",                 \
	  "IPv6 by another interface than the tunnel: without the fence, a leak.")                 \
	X(UNEXPECTED_INBOUND, "unexpected_inbound", DROP, I, "unexpected inbound",                 \
	  "Came in by another interface than the tunnel, and nothing named it.")                   \
	X(FOREIGN_NAMESPACE, "foreign_namespace", DROP, S, "socket in a foreign namespace",        \
	  "A socket made in another network namespace, where interface numbers mean nothing.")     \
	X(SOCKET_TYPE, "socket_type", DROP, S, "socket type not allowed",                          \
	  "An internet socket that is neither TCP nor UDP (raw, ping, MPTCP, SCTP, UDP-Lite "      \
	  "...).")                                                                                 \
	X(MULTICAST_JOIN, "multicast_join", DROP, O, "multicast join",                             \
	  "Joining a group makes the kernel itself send reports (IGMP, MLD) past every filter.")   \
	X(BIND_REFUSED, "bind_refused", DROP, B, "bind to an address outside the tunnel",          \
	  "Binding to an address that is neither the tunnel's nor the wildcard, on a port that "   \
	  "neither the WebUI nor a serve rule names.")                                             \
	X(UNIX_SOCKET, "unix_socket", DROP, U, "unix socket that is not named",                    \
	  "A unix socket that [unix] does not name: a helper behind it could speak for the "       \
	  "service.")                                                                              \
	X(TUNNEL_ADDRESS, "tunnel_address", DROP, G, "tunnel's address by another interface",      \
	  "With the tunnel's address as source by another interface: mostly an answer of the "     \
	  "kernel itself, which meets no other hook.")                                             \
	X(PACKET_SOCKET, "packet_socket", DROP, O | G, "frame from a packet socket",               \
	  "A frame that a member built itself (AF_PACKET), which meets no other hook; or the "     \
	  "option by which such frames would pass the guard, too (PACKET_QDISC_BYPASS, AF_XDP).")

enum wgf_reason {
#define X(name, label, kind, where, text, sentence) WGF_##name,
	WGF_REASONS(X)
#undef X
		WGF_N_REASONS
};

/* Room in the counters, which have to fit a per-CPU value; more than the list needs. */
#define WGF_MAX_REASONS 40
_Static_assert(WGF_N_REASONS <= WGF_MAX_REASONS, "the counters have room for every reason");

WGF_INLINE int wgf_allows(u32 reason)
{
	return reason == WGF_TUNNEL || reason == WGF_WEBUI || reason == WGF_RULE ||
	       reason == WGF_CALL;
}

#endif
