// SPDX-License-Identifier: MIT
/*
 * All techniques, and what they share.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "technique.h"

static const struct fng_technique *const tables[] = {
	fng_techniques_code,	  fng_techniques_memory, fng_techniques_trace,
	fng_techniques_privilege, fng_techniques_kernel, fng_techniques_escape,
	fng_techniques_resource,  fng_techniques_files,	 fng_techniques_sockets,
	fng_techniques_egress,	  fng_techniques_reach,	 fng_techniques_receive,
};

const struct fng_technique *fng_technique_at(size_t index)
{
	const struct fng_technique *technique;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (technique = tables[i]; technique->name; technique++)
			if (!index--)
				return technique;
	return NULL;
}

const char *fng_threat_name(enum fng_threat threat)
{
	static const char *const names[] = {
		[FNG_THREAT_CODE] = "code injection",
		[FNG_THREAT_PRIVILEGE] = "privilege escalation",
		[FNG_THREAT_RESOURCE] = "resource exhaustion",
		[FNG_THREAT_LEAK] = "data leakage",
	};

	return names[threat];
}

const struct fng_remedy fng_remedy_exec = { "exec", "default: deny" };
const struct fng_remedy fng_remedy_fileless = { "exec", "fileless: deny" };
const struct fng_remedy fng_remedy_modified = { "exec", "modified: deny" };
const struct fng_remedy fng_remedy_write_exec = { "memory",
						  "write-exec: deny" };
const struct fng_remedy fng_remedy_capabilities = { "privileges",
						    "capabilities: []" };
const struct fng_remedy fng_remedy_privileges = { "privileges", "allow: []" };
const struct fng_remedy fng_remedy_egress = {
	"egress", "default: deny # and allow few destinations by rules"
};

int fng_probe_reached(int result, int complaint)
{
	return result == complaint ? 0 : result;
}

int fng_probe_open_read(struct fng_case *c)
{
	return fng_act_fd(open(c->technique->arg, O_RDONLY | O_CLOEXEC));
}

int fng_probe_open_write(struct fng_case *c)
{
	return fng_act_fd(open(c->technique->arg, O_WRONLY | O_CLOEXEC));
}

static int make_file(const char *name, const void *data, size_t size,
		     mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, data, size) != (ssize_t)size || fchmod(fd, mode))
		err = errno;
	close(fd);
	return err;
}

int fng_probe_make_file(const char *name, const char *text, mode_t mode)
{
	return make_file(name, text, strlen(text), mode);
}

/* exit(0), and nothing that has to be found or linked before. */
#define BASE 0x400000
static const struct {
	Elf64_Ehdr elf;
	Elf64_Phdr load;
	Elf64_Phdr stack;
	unsigned char code[9];
} program = {
	.elf = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			     ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_entry = BASE + sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr),
		.e_phoff = sizeof(Elf64_Ehdr),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 2,
	},
	.load = {
		.p_type = PT_LOAD,
		.p_flags = PF_R | PF_X,
		.p_vaddr = BASE,
		.p_filesz = sizeof(program),
		.p_memsz = sizeof(program),
		.p_align = 0x1000,
	},
	.stack = { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
	/* mov $60, %eax; xor %edi, %edi; syscall */
	.code = { 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05 },
};

int fng_probe_write_program(int fd)
{
	return write(fd, &program, sizeof(program)) == sizeof(program) ? 0 :
									 errno;
}

int fng_probe_hold_memfd(struct fng_case *c)
{
	c->fd = memfd_create("program", MFD_CLOEXEC);
	return c->fd < 0 ? errno : fng_probe_write_program(c->fd);
}

int fng_probe_make_program(const char *name, mode_t mode)
{
	return make_file(name, &program, sizeof(program), mode);
}
