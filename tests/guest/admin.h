/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What it takes privileges to do, in a directory with a directory "target".
 *
 * Each is an attempt that leaves the machine as it is: where that can only be had
 * by handing over what the kernel cannot use, it has worked if that is what the
 * kernel complains about.
 */
#ifndef TESTS_GUEST_ADMIN_H
#define TESTS_GUEST_ADMIN_H

/* Left open by what prepares an attempt. */
extern int admin_held;

/* Preparations. Who has a map may use it without any capability. */
void admin_hold_garbage(const void *arg);
void admin_hold_mount(const void *arg);
void admin_hold_map_and_drop(const void *arg);
void admin_mount_target(const void *arg);
void admin_mount_hierarchy(const void *arg);
void admin_mount_binfmt(const void *arg);
void admin_enter_target(const void *arg);
void admin_drop(const void *arg);

int admin_mount(const void *arg);
int admin_mount_bind(const void *arg);
int admin_mount_propagation(const void *arg);
int admin_umount(const void *arg);
int admin_fsopen(const void *arg);
int admin_open_tree(const void *arg);
int admin_move_mount(const void *arg);
int admin_pivot_root(const void *arg);
int admin_mount_namespace(const void *arg);
int admin_user_namespace(const void *arg);
int admin_user_namespace_of_child(const void *arg);
int admin_chroot(const void *arg);
int admin_init_module(const void *arg);
int admin_finit_module(const void *arg);
int admin_delete_module(const void *arg);
int admin_kexec_load(const void *arg);
int admin_kexec_file_load(const void *arg);
int admin_reboot(const void *arg);
int admin_bpf_create(const void *arg);
int admin_bpf_look_up(const void *arg);
int admin_io_uring(const void *arg);
int admin_iopl(const void *arg);
int admin_set_host_name(const void *arg);
int admin_raise_priority(const void *arg);
int admin_open_raw(const void *arg);
int admin_open_packet(const void *arg);

/* These are handed a name. */
int admin_open_read(const void *arg);
int admin_open_write(const void *arg);

#endif /* TESTS_GUEST_ADMIN_H */
