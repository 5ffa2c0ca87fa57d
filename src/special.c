// SPDX-License-Identifier: GPL-2.0-only
#include "special.h"

#define V4(x, y, length)                                            \
	{                                                           \
		{.b = {[10] = 0xff, 0xff, (x), (y)}}, 96 + (length) \
	}

/* Of IPv6 only 2000::/3 is the internet, and in it these are not. */
const struct prefix special[N_SPECIAL] = {
	V4(0, 0, 8),
	V4(10, 0, 8),
	V4(100, 64, 10),
	V4(127, 0, 8),
	V4(169, 254, 16),
	V4(172, 16, 12),
	V4(192, 168, 16),
	V4(198, 18, 15),
	V4(224, 0, 4),
	V4(240, 0, 4),
	/* TEST-NET-1, -2 and -3 */
	{{.b = {[10] = 0xff, 0xff, 192, 0, 2}}, 96 + 24},
	{{.b = {[10] = 0xff, 0xff, 198, 51, 100}}, 96 + 24},
	{{.b = {[10] = 0xff, 0xff, 203, 0, 113}}, 96 + 24},
	{{.b = {0x20, 0x01, 0x0d, 0xb8}}, 32},
};

bool is_public(const union wgf_ip *ip)
{
	for (unsigned i = 0; i < N_SPECIAL; i++)
		if (prefix_covers(&special[i], ip))
			return false;
	return wgf_is_v4(ip) || (ip->b[0] & 0xe0) == 0x20;
}
