/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The message ids of the journal, one for each kind of entry (wgfence(8), THE JOURNAL).
 *
 * Owns: the numbers, which never change: people search by them.
 */
#ifndef WGF_MESSAGE_IDS_H
#define WGF_MESSAGE_IDS_H

#define ID_STANDS	  "83b60834a6144896b9afc9049e78843c" /* the fence stands on its cgroup */
#define ID_POLICY	  "666c1f6f94a644daa630dad8c698b39f" /* another policy, the same tunnel */
#define ID_TUNNEL_LOST	  "702a3153ce034f149962339a8f488cb3"
#define ID_TUNNEL_BACK	  "549a20c4746944cd9bede0addfd17499"
#define ID_FIRST_DROP	  "3fc0f451dba1418080e3cdc2613432b3" /* the first of its reason and hook */
#define ID_METRICS_FAILED "08ee5a8cc2a34be7be25034830eecd2c"
#define ID_METRICS_BACK	  "ab518003252e4c199b74d51bb2e52d99"

#endif
