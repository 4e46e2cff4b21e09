// SPDX-License-Identifier: MIT
/*
 * The image, byte by byte the same for the same policy text.
 */
#include <stdlib.h>

#include <compiler/emit.h>

/* A base is used where what is left of the image is at most such a part. */
#define MIN_SAVING	4

/**
 * struct blob - the image while it grows
 * @bytes: what there is
 * @size: bytes of it
 * @room: room in @bytes
 * @header: the header, put in at the end
 */
struct blob {
	u8 *bytes;
	size_t size;
	size_t room;
	struct fng_image_header header;
};

/**
 * struct strings - the string section
 * @bytes: strings, each with its NUL
 * @size: bytes of them
 * @room: room in @bytes
 * @file: the last file name that was put in
 * @file_at: where it is
 */
struct strings {
	char *bytes;
	size_t size;
	size_t room;
	const char *file;
	u32 file_at;
};

static const u32 default_errno[FNG_NR_CLASSES] = {
	[FNG_CLASS_EXEC] = EACCES,
	[FNG_CLASS_MEMORY] = EPERM,
	[FNG_CLASS_FILES] = EACCES,
	[FNG_CLASS_EGRESS] = ECONNREFUSED,
	[FNG_CLASS_SOCKETS] = EPERM,
	[FNG_CLASS_PRIVILEGES] = EPERM,
	[FNG_CLASS_LISTEN] = EPERM,
	[FNG_CLASS_UNIX] = EPERM,
	[FNG_CLASS_LIMITS] = EAGAIN,
	[FNG_CLASS_FLOOR] = EPERM,
	[FNG_CLASS_SUBJECT] = EPERM,
};

static void append(struct blob *blob, const void *bytes, size_t size)
{
	blob->bytes = fngc_grow(blob->bytes, &blob->room, blob->size + size, 1);
	if (size && bytes)
		memcpy(blob->bytes + blob->size, bytes, size);
	else
		memset(blob->bytes + blob->size, 0, size);
	blob->size += size;
}

static void add_section(struct blob *blob, u32 kind, const void *bytes,
			size_t size)
{
	append(blob, NULL, -blob->size % FNG_IMAGE_ALIGN);
	blob->header.section[kind].offset = blob->size;
	blob->header.section[kind].size = size;
	append(blob, bytes, size);
}

static u32 add_string(struct strings *strings, const char *text)
{
	size_t len = strlen(text) + 1, at = strings->size;

	strings->bytes = fngc_grow(strings->bytes, &strings->room, at + len, 1);
	memcpy(strings->bytes + at, text, len);
	strings->size += len;
	return at;
}

/* Rules come file by file, so that remembering one name is enough. */
static u32 add_file(struct strings *strings, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	if (!strings->file || strcmp(strings->file, base)) {
		strings->file = base;
		strings->file_at = add_string(strings, base);
	}
	return strings->file_at;
}

static struct fng_image_rule *make_rules(const struct fngc_compile *c,
					 const struct fngc_sections *sections,
					 struct strings *strings)
{
	struct fng_image_rule *rules;

	rules = fngc_xcalloc(sections->nr_rules, sizeof(*rules));
	for (u32 i = 0; i < sections->nr_rules; i++) {
		const struct fngc_rule *rule =
			&c->rules.v[sections->first_rule + i];

		rules[i].file = add_file(strings, rule->file);
		rules[i].line = rule->line;
		rules[i].text = add_string(strings, rule->text);
		rules[i].class = rule->class;
		rules[i].effect = rule->effect;
	}
	return rules;
}

static struct fng_image_digest *make_digests(const struct fngc_model *model,
					     struct strings *strings)
{
	struct fng_image_digest *digests;

	digests = fngc_xcalloc(model->digests.nr, sizeof(*digests));
	for (size_t i = 0; i < model->digests.nr; i++) {
		const struct fngc_digest *digest = &model->digests.v[i];

		digests[i].path = add_string(strings, digest->path);
		digests[i].rule = digest->rule;
		memcpy(digests[i].sha256, digest->sha256, FNG_SHA256_SIZE);
	}
	return digests;
}

static void make_classes(const struct fngc_model *model,
			 struct fng_image_class classes[FNG_NR_CLASSES])
{
	memset(classes, 0, FNG_NR_CLASSES * sizeof(*classes));
	for (u32 i = 0; i < FNG_NR_CLASSES; i++) {
		struct fng_image_class *class = &classes[i];
		bool own = i >= FNG_CLASS_FLOOR;

		class->present = own || model->section[i].set;
		class->mode = fngc_class_mode(model, i);
		class->dflt = own ? FNG_EFFECT_DENY :
			      fngc_class_default(model, i);
		class->err = model->err[i].set ? model->err[i].value :
			     default_errno[i];
		class->rule = FNG_RULE_NONE;
		if (!own && class->present)
			class->rule = model->dflt[i].rule;
	}
}

/* Only what the rules depend on, so that many policies have it in common. */
static void make_base_classes(const struct fngc_model *model,
			      const struct fngc_sections *sections,
			      struct fng_image_class classes[FNG_NR_CLASSES])
{
	memset(classes, 0, FNG_NR_CLASSES * sizeof(*classes));
	for (u32 i = 0; i < FNG_NR_CLASSES; i++) {
		bool paths = fng_class_access(i);

		classes[i].present = paths && model->section[i].set;
		classes[i].dflt = paths ? fngc_class_default(model, i) :
				  FNG_EFFECT_ALLOW;
		classes[i].rule = FNG_RULE_NONE;
	}
	classes[FNG_CLASS_EGRESS].present = sections->v4.nr || sections->v6.nr;
}

/* What a function does by itself needs no socket that could be judged. */
static bool limits_traffic(const struct fngc_model *model)
{
	for (u32 kind = 0; kind < FNG_LIMIT_EXEC; kind++)
		if (model->limits[kind].most.set)
			return true;
	return false;
}

static u32 make_floor(const struct fngc_model *model)
{
	u32 floor = 1u << FNG_FLOOR_MODULE | 1u << FNG_FLOOR_REBOOT |
		    1u << FNG_FLOOR_BPF | 1u << FNG_FLOOR_KMEM |
		    1u << FNG_FLOOR_TRACING | 1u << FNG_FLOOR_IO_URING |
		    1u << FNG_FLOOR_CGROUP | 1u << FNG_FLOOR_CONTROL |
		    1u << FNG_FLOOR_HELPER | 1u << FNG_FLOOR_PTRACE_OUTSIDE;

	if (model->section[FNG_CLASS_EXEC].set ||
	    model->section[FNG_CLASS_FILES].set ||
	    model->section[FNG_CLASS_UNIX].set ||
	    model->section[FNG_CLASS_PRIVILEGES].set)
		floor |= 1u << FNG_FLOOR_MOUNT | 1u << FNG_FLOOR_CHROOT |
			 1u << FNG_FLOOR_USERNS;
	if (model->section[FNG_CLASS_EGRESS].set ||
	    model->section[FNG_CLASS_LISTEN].set ||
	    limits_traffic(model))
		floor |= 1u << FNG_FLOOR_SOCKET;
	if (model->section[FNG_CLASS_PRIVILEGES].set)
		floor &= ~(u32)(model->privileges.value >> FNGC_LIFT);
	return floor;
}

static u32 rule_of(const struct fngc_model *model, u32 class,
		   const struct fngc_scalar *scalar)
{
	return model->section[class].set ? scalar->rule : FNG_RULE_NONE;
}

static void make_meta(const struct fngc_model *model,
		      const struct fngc_sections *sections,
		      struct fng_image_meta *meta)
{
	bool sockets = model->section[FNG_CLASS_SOCKETS].set;
	bool privileges = model->section[FNG_CLASS_PRIVILEGES].set;

	memset(meta, 0, sizeof(*meta));
	strcpy(meta->name, model->name);
	meta->version = model->version.value;
	meta->families = sockets ? model->families.value : ~0ull;
	meta->types = sockets ? model->types.value : ~0u;
	meta->fileless = model->section[FNG_CLASS_EXEC].set ?
			 model->fileless.value : FNG_EFFECT_ALLOW;
	meta->fileless_rule = rule_of(model, FNG_CLASS_EXEC, &model->fileless);
	meta->modified = model->modified.set ? model->modified.value :
					       FNG_EFFECT_ALLOW;
	meta->modified_rule = model->modified.set ? model->modified.rule :
						    FNG_RULE_NONE;
	meta->write_exec = model->section[FNG_CLASS_MEMORY].set ?
			   model->write_exec.value : FNG_EFFECT_ALLOW;
	meta->write_exec_rule = rule_of(model, FNG_CLASS_MEMORY,
					&model->write_exec);
	meta->families_rule = rule_of(model, FNG_CLASS_SOCKETS,
				      &model->families);
	meta->types_rule = rule_of(model, FNG_CLASS_SOCKETS, &model->types);
	meta->privileges = privileges ? (u32)model->privileges.value : ~0u;
	meta->capabilities = privileges ? model->capabilities.value : ~0ull;
	meta->privileges_rule = rule_of(model, FNG_CLASS_PRIVILEGES,
					&model->privileges);
	meta->capabilities_rule = rule_of(model, FNG_CLASS_PRIVILEGES,
					  &model->capabilities);
	meta->dns = model->section[FNG_CLASS_EGRESS].set ? model->dns.value :
							   FNG_EFFECT_ALLOW;
	meta->dns_rule = rule_of(model, FNG_CLASS_EGRESS, &model->dns);
	meta->listen = sections->listen;
	meta->floor = make_floor(model);
	meta->kill = model->kill.value;
	meta->quarantine = model->quarantine.value;
	meta->quarantine_time = model->quarantine_time.value;
	fngc_observe_emit(model, meta);
}

static u32 make_limits(const struct fngc_model *model,
		       struct fng_image_limit limits[FNG_NR_LIMITS])
{
	u32 nr = 0;

	for (u32 kind = 0; kind < FNG_NR_LIMITS; kind++) {
		const struct fngc_limit *from = &model->limits[kind];
		struct fng_image_limit *to = &limits[nr];

		if (!from->most.set)
			continue;
		to->kind = kind;
		to->rule = from->most.rule;
		to->cost = from->cost.value;
		to->most = from->most.value;
		if (fng_limit_is_rate(kind))
			to->most = fng_limit_price(to, from->most.value);
		nr++;
	}
	return nr;
}

static void add_table(struct blob *blob, u32 map, const struct fngc_table *t)
{
	size_t none = t->nr_states ? 1 : 0;

	add_section(blob, map, t->map, none * sizeof(t->map));
	add_section(blob, map + 1, t->states, t->nr_states *
					      sizeof(*t->states));
	add_section(blob, map + 2, t->trans, t->nr_trans * sizeof(*t->trans));
}

#define ADD_ARRAY(blob, kind, array) \
	add_section(blob, kind, (array)->v, (array)->nr * sizeof(*(array)->v))

static void begin(struct blob *blob, u32 magic)
{
	blob->header.magic = magic;
	blob->header.abi = FNG_IMAGE_ABI;
	blob->header.nr_sections = FNG_NR_SECTIONS;
	append(blob, NULL, sizeof(blob->header));
}

/* Others may come behind. */
static void end(struct blob *blob)
{
	append(blob, NULL, -blob->size % FNG_IMAGE_ALIGN);
	blob->header.size = blob->size;
	memcpy(blob->bytes, &blob->header, sizeof(blob->header));
}

/* What both an image and a base have. */
static void add_rules(const struct fngc_compile *c,
		      const struct fngc_sections *sections,
		      const struct fng_image_class *classes,
		      struct strings *strings, struct blob *blob)
{
	struct fng_image_rule *rules = make_rules(c, sections, strings);

	add_section(blob, FNG_SECTION_CLASSES, classes,
		    FNG_NR_CLASSES * sizeof(*classes));
	add_section(blob, FNG_SECTION_STRINGS, strings->bytes, strings->size);
	add_section(blob, FNG_SECTION_RULES, rules,
		    sections->nr_rules * sizeof(*rules));
	add_table(blob, FNG_SECTION_PATH_MAP, &sections->path);
	ADD_ARRAY(blob, FNG_SECTION_PATH_ACCEPT, &sections->accepts);
	ADD_ARRAY(blob, FNG_SECTION_V4, &sections->v4);
	ADD_ARRAY(blob, FNG_SECTION_V6, &sections->v6);
	ADD_ARRAY(blob, FNG_SECTION_PORTSETS, &sections->portsets);
	ADD_ARRAY(blob, FNG_SECTION_PORTS, &sections->ports);
	free(strings->bytes);
	free(rules);
}

static void assemble_base(const struct fngc_compile *c,
			  const struct fngc_sections *sections,
			  struct blob *blob)
{
	struct fng_image_class classes[FNG_NR_CLASSES];
	struct strings strings = { 0 };

	make_base_classes(&c->model, sections, classes);
	begin(blob, FNG_BASE_MAGIC);
	add_string(&strings, "");
	add_rules(c, sections, classes, &strings, blob);
	for (u32 kind = FNG_NR_BASE_SECTIONS; kind < FNG_NR_SECTIONS; kind++)
		add_section(blob, kind, NULL, 0);
	end(blob);
}

/* @base is empty for a flat image. */
static void assemble(const struct fngc_compile *c,
		     const struct fngc_sections *sections,
		     const struct fngc_templates *templates,
		     const struct blob *base,
		     struct blob *blob)
{
	struct fng_image_class classes[FNG_NR_CLASSES];
	struct fng_image_limit limits[FNG_NR_LIMITS];
	struct fng_image_digest *digests;
	struct strings strings = { 0 };
	struct fng_image_meta meta;

	make_classes(&c->model, classes);
	make_meta(&c->model, sections, &meta);
	fngc_phase_describe(c, &meta);
	begin(blob, FNG_IMAGE_MAGIC);
	add_string(&strings, "");
	digests = make_digests(&c->model, &strings);
	add_rules(c, sections, classes, &strings, blob);
	add_section(blob, FNG_SECTION_META, &meta, sizeof(meta));
	add_table(blob, FNG_SECTION_CGROUP_MAP, &templates->cgroup);
	add_table(blob, FNG_SECTION_DEVICE_MAP, &templates->device);
	add_section(blob, FNG_SECTION_DIGESTS, digests,
		    c->model.digests.nr * sizeof(*digests));
	free(digests);
	add_table(blob, FNG_SECTION_HOST_MAP, &sections->host);
	ADD_ARRAY(blob, FNG_SECTION_HOSTS, &sections->hosts);
	ADD_ARRAY(blob, FNG_SECTION_RESOLVERS, &c->model.resolvers);
	add_section(blob, FNG_SECTION_LIMITS, limits,
		    make_limits(&c->model, limits) * sizeof(*limits));
	add_section(blob, FNG_SECTION_BASE, base->bytes, base->size);
	end(blob);
}

static bool check_size(struct fngc_compile *c, const struct blob *blob)
{
	const struct fngc_place whole = {
		.source = c->layers.v[c->layers.nr - 1]->source,
	};

	if (blob->header.section[FNG_SECTION_STRINGS].size > FNG_MAX_STRINGS)
		fngc_error(c, &whole, NULL, "the texts of the rules are longer "
			   "than %u MiB", FNG_MAX_STRINGS >> 20);
	else if (blob->size > FNG_MAX_IMAGE_SIZE)
		fngc_error(c, &whole, NULL, "the image would be larger than "
			   "%u MiB", FNG_MAX_IMAGE_SIZE >> 20);
	else
		return true;
	return false;
}

/* The kernel's own verifier: what it refuses is a fault of the compiler. */
static bool check_image(struct fngc_compile *c, const struct blob *blob)
{
	const struct fngc_place whole = {
		.source = c->layers.v[c->layers.nr - 1]->source,
	};
	struct fng_image_error error;

	if (!fng_image_verify(blob->bytes, blob->size, &c->base_view,
			      &c->result.view, &error))
		return true;
	fngc_error(c, &whole, "please report this policy",
		   "internal error: the image is not valid: %s, at byte %u",
		   error.reason, error.offset);
	return false;
}

static void fill_stats(struct fngc_compile *c,
		       const struct fngc_sections *sections,
		       const struct fngc_templates *templates)
{
	struct fngc_stats *stats = &c->result.stats;

	stats->path_states = sections->path.nr_states;
	stats->path_trans = sections->path.nr_trans;
	stats->accepts = sections->accepts.nr;
	stats->cgroup_states = templates->cgroup.nr_states;
	stats->device_states = templates->device.nr_states;
	stats->v4 = sections->v4.nr;
	stats->v6 = sections->v6.nr;
	stats->portsets = sections->portsets.nr;
	stats->ports = sections->ports.nr;
}

/*
 * A base costs a policy that nobody shares it with a few states, and each path a
 * few instructions: it has to spare the kernel a good part of the policy.
 */
static bool pays(const struct blob *own, const struct blob *base,
		 const struct blob *flat)
{
	return own->size - base->size <= flat->size / MIN_SAVING;
}

/* Replaces a flat image by one with a base, if that is of any use. */
static void share(struct fngc_compile *c, struct fngc_pool *pool,
		  const struct fngc_draft *whole,
		  const struct fngc_templates *templates, struct blob *blob)
{
	struct fngc_sections own = { 0 }, inherited = { 0 };
	struct blob with_base = { 0 }, base = { 0 };

	if (fngc_base_split(c, pool, whole, &own, &inherited)) {
		assemble_base(c, &inherited, &base);
		assemble(c, &own, templates, &base, &with_base);
		if (with_base.size <= FNG_MAX_IMAGE_SIZE &&
		    (c->options.always_share ||
		     pays(&with_base, &base, blob))) {
			free(blob->bytes);
			*blob = with_base;
			with_base.bytes = NULL;
		}
	}
	free(with_base.bytes);
	free(base.bytes);
	fngc_sections_free(&own);
	fngc_sections_free(&inherited);
}

static bool make_flat(struct fngc_compile *c, const struct fngc_pool *pool,
		      const struct fngc_draft *whole,
		      const struct fngc_templates *templates, struct blob *blob)
{
	const struct blob none = { 0 };
	struct fngc_sections flat = { .nr_rules = c->rules.nr };
	bool fine;

	fngc_sections_paths(&flat, pool, &whole->path);
	fngc_sections_egress(&flat, pool, &whole->v4, &whole->v6, whole);
	fine = fngc_paths_fit(c, &flat);
	if (fine)
		assemble(c, &flat, templates, &none, blob);
	fill_stats(c, &flat, templates);
	fngc_sections_free(&flat);
	return fine;
}

bool fngc_emit(struct fngc_compile *c, struct fngc_pool *pool,
	       const struct fngc_draft *whole, const struct fngc_templates *templates)
{
	struct blob blob = { 0 };

	if (!make_flat(c, pool, whole, templates, &blob) ||
	    !check_size(c, &blob)) {
		free(blob.bytes);
		return false;
	}
	if (c->nr_inherited)
		share(c, pool, whole, templates, &blob);
	if (!check_image(c, &blob)) {
		free(blob.bytes);
		return false;
	}
	c->result.image = blob.bytes;
	c->result.image_size = blob.size;
	return true;
}
