// SPDX-License-Identifier: GPL-2.0-only
/*
 * forge: a packet that no ordinary socket would send, in hexadecimal.
 *
 *   forge FROM PORT TO PORT tcp|udp|NUMBER [WORD=VALUE ...]
 *     flags=FSRPAU     TCP flags, by their first letters
 *     frag=HEX         IPv4: the 16 bits of flags and offset; 2000 is "more fragments"
 *     options=HEX      IPv4 options, a multiple of 4 bytes
 *     extension=N      IPv6: a header of this number (43, 44, 60 ...) in front of the transport
 *     version=N        the version in the IP header
 *     cut=N            only the first N bytes behind the IP header (and its options)
 *     transport=1      only what is behind the IP header, for raw sockets that make their own
 *
 * Owns: the bytes and their checksums. Must never send anything.
 */
#include "net.h"

struct words {
	unsigned flags, frag, extension, version, cut, transport, options_len;
	unsigned char options[40];
};

struct packet {
	unsigned char bytes[256];
	size_t len;
};

static void add(struct packet *p, const void *data, size_t len)
{
	if (p->len + len > sizeof(p->bytes))
		exit(2);
	memcpy(p->bytes + p->len, data, len);
	p->len += len;
}

static void add16(struct packet *p, unsigned value)
{
	add(p, (unsigned char[]){(unsigned char)(value >> 8), (unsigned char)value}, 2);
}

static unsigned long sum16(const unsigned char *data, size_t len)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += (unsigned long)data[i] << (i % 2 ? 0 : 8);
	return sum;
}

static unsigned fold(unsigned long sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (unsigned)~sum & 0xffff;
}

static void put16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static unsigned read_flags(const char *letters)
{
	static const char names[] = "FSRPAU";
	unsigned flags = 0;

	for (; *letters; letters++) {
		const char *at = strchr(names, *letters);

		if (at)
			flags |= 1u << (at - names);
	}
	return flags;
}

static void read_word(struct words *w, const char *text)
{
	char name[16], value[128];
	int len;

	if (sscanf(text, "%15[a-z]=%127s", name, value) != 2)
		misuse("FROM PORT TO PORT PROTOCOL [WORD=VALUE ...]");
	if (strcmp(name, "flags") == 0) {
		w->flags = read_flags(value);
	} else if (strcmp(name, "frag") == 0) {
		w->frag = (unsigned)strtoul(value, NULL, 16);
	} else if (strcmp(name, "options") == 0) {
		len = hex_read(value, w->options, sizeof(w->options));
		w->options_len = len > 0 ? (unsigned)len : 0;
	} else if (strcmp(name, "extension") == 0) {
		w->extension = (unsigned)atoi(value);
	} else if (strcmp(name, "version") == 0) {
		w->version = (unsigned)atoi(value);
	} else if (strcmp(name, "cut") == 0) {
		w->cut = (unsigned)atoi(value);
	} else if (strcmp(name, "transport") == 0) {
		w->transport = 1;
	} else {
		misuse("FROM PORT TO PORT PROTOCOL [WORD=VALUE ...]");
	}
}

/* The transport with its checksum, which counts the addresses of the IP header too. */
static void add_transport(struct packet *p, unsigned proto, unsigned from, unsigned to,
			  const struct words *w, unsigned long addresses)
{
	struct packet t = {.len = 0};
	size_t at;

	if (proto == IPPROTO_TCP) {
		add16(&t, from);
		add16(&t, to);
		add(&t, "\0\0\0\1\0\0\0\1\x50", 9);
		add(&t, &(unsigned char){(unsigned char)w->flags}, 1);
		add(&t, "\xff\xff\0\0\0\0", 6);
		at = 16;
	} else if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) {
		add(&t, proto == IPPROTO_ICMP ? "\x08" : "\x80", 1);
		add(&t, "\0\0\0\0\1\0\1", 7);
		at = 2;
	} else { /* UDP, and whatever else: the same eight bytes (UDP-Lite covers all with them) */
		add16(&t, from);
		add16(&t, to);
		add16(&t, 16);
		add(&t, "\0\0forged..", 10);
		at = 6;
	}
	if (proto == IPPROTO_ICMP)
		addresses = 0;
	else
		addresses += proto + t.len;
	put16(t.bytes + at, fold(addresses + sum16(t.bytes, t.len)));
	add(p, t.bytes, w->cut && w->cut < t.len ? w->cut : t.len);
}

static void add_v4(struct packet *p, const union address *from, const union address *to,
		   unsigned proto, size_t len, const struct words *w)
{
	unsigned words = 5 + w->options_len / 4;

	add(p, &(unsigned char){(unsigned char)(w->version << 4 | words)}, 1);
	add(p, "\0", 1);
	add16(p, words * 4 + (unsigned)len);
	add16(p, 0x4242);
	add16(p, w->frag);
	add(p, &(unsigned char){64}, 1);
	add(p, &(unsigned char){(unsigned char)proto}, 1);
	add16(p, 0);
	add(p, &from->v4.sin_addr, 4);
	add(p, &to->v4.sin_addr, 4);
	add(p, w->options, w->options_len);
	put16(p->bytes + 10, fold(sum16(p->bytes, p->len)));
}

static void add_v6(struct packet *p, const union address *from, const union address *to,
		   unsigned proto, size_t len, const struct words *w)
{
	add(p, &(unsigned char){(unsigned char)(w->version << 4)}, 1);
	add(p, "\0\0\0", 3);
	add16(p, (unsigned)len + (w->extension ? 8 : 0));
	add(p, &(unsigned char){(unsigned char)(w->extension ? w->extension : proto)}, 1);
	add(p, &(unsigned char){64}, 1);
	add(p, &from->v6.sin6_addr, 16);
	add(p, &to->v6.sin6_addr, 16);
	if (w->extension) { /* padding where it has options, all zero where it is a fragment */
		add(p, &(unsigned char){(unsigned char)proto}, 1);
		add(p, w->extension == IPPROTO_FRAGMENT ? "\0\0\0\0\0\0\x42" : "\0\1\4\0\0\0\0", 7);
	}
}

int main(int argc, char **argv)
{
	struct packet whole = {.len = 0}, transport = {.len = 0};
	union address from, to;
	struct words w = {.flags = 0};
	unsigned proto;
	bool v4;

	if (argc < 6)
		misuse("FROM PORT TO PORT PROTOCOL [WORD=VALUE ...]");
	address_need(argv[1], argv[2], &from);
	address_need(argv[3], argv[4], &to);
	v4 = from.sa.sa_family == AF_INET;
	proto = strcmp(argv[5], "tcp") == 0   ? IPPROTO_TCP
		: strcmp(argv[5], "udp") == 0 ? IPPROTO_UDP
					      : (unsigned)atoi(argv[5]);
	w.version = v4 ? 4 : 6;
	for (int i = 6; i < argc; i++)
		read_word(&w, argv[i]);
	add_transport(&transport, proto, (unsigned)atoi(argv[2]), (unsigned)atoi(argv[4]), &w,
		      v4 ? sum16((unsigned char *)&from.v4.sin_addr, 4) +
				      sum16((unsigned char *)&to.v4.sin_addr, 4)
			 : sum16((unsigned char *)&from.v6.sin6_addr, 16) +
				      sum16((unsigned char *)&to.v6.sin6_addr, 16));
	if (!w.transport && v4)
		add_v4(&whole, &from, &to, proto, transport.len, &w);
	else if (!w.transport)
		add_v6(&whole, &from, &to, proto, transport.len, &w);
	add(&whole, transport.bytes, transport.len);
	for (size_t i = 0; i < whole.len; i++)
		printf("%02x", whole.bytes[i]);
	printf("\n");
	return 0;
}
