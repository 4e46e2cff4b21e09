// SPDX-License-Identifier: MIT
/*
 * The screen of fnguard top.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <ncurses.h>

#include <client/names.h>
#include "top.h"

/* Lines above the rows, and below. */
#define HEAD	2
#define FOOT	1

/* Ctrl-L: what others have written over is drawn anew. */
#define REDRAW	12

/* Columns of what fills the rest are never less wide. */
#define LEAST_WIDTH	16

/**
 * struct screen - what is shown
 * @top: the rows
 * @nr: how many pass the filter
 * @first: the one in the first line
 * @filtering: what is typed goes to the filter
 * @old: the filter before that
 * @done: somebody has enough
 */
struct screen {
	struct fng_top *top;
	size_t nr;
	size_t first;
	bool filtering;
	char old[64];
	bool done;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static size_t lines_of_rows(void)
{
	return LINES > HEAD + FOOT ? LINES - HEAD - FOOT : 1;
}

static int width_of(size_t column)
{
	int left = COLS, shares = 0;

	if (fng_top_columns[column].width)
		return fng_top_columns[column].width;
	for (size_t i = 0; fng_top_columns[i].name; i++) {
		left -= fng_top_columns[i].width + 1;
		shares += !fng_top_columns[i].width;
	}
	return left / shares > LEAST_WIDTH ? left / shares : LEAST_WIDTH;
}

/* Names are somebody else's: what steers terminals is not let through. */
static void put(int y, int x, int width, bool right, const char *text)
{
	char clean[256];
	size_t size = 0;

	for (; *text && size < sizeof(clean) - 1; text++)
		clean[size++] = *text >= ' ' && *text < 0x7f ? *text : '?';
	clean[size] = '\0';
	if (x < COLS && width > COLS - x)
		width = COLS - x;
	if (x < COLS)
		mvprintw(y, x, right ? "%*.*s" : "%-*.*s", width, width, clean);
}

static void put_value(int y, int x, int width, const json_t *value)
{
	char text[32];

	if (json_is_string(value)) {
		put(y, x, width, false, json_string_value(value));
		return;
	}
	if (json_is_real(value))
		snprintf(text, sizeof(text), "%.1f", json_real_value(value));
	else
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
	put(y, x, width, true, text);
}

static void draw_head(const struct screen *screen)
{
	const struct fng_client_status *status = &screen->top->status;
	char text[256];

	snprintf(text, sizeof(text), "fnguard top: %s, %u policies, %zu rows, %"
		 PRIu64 " denied, %" PRIu64 " killed, %u in quarantine",
		 fng_state_name(status->state), status->nr_policies, screen->nr,
		 status->denied, status->kills, status->nr_quarantined);
	put(0, 0, COLS, false, text);
}

static void draw_titles(const struct screen *screen)
{
	int x = 0;

	attron(A_REVERSE);
	mvhline(1, 0, ' ', COLS);
	for (size_t i = 0; fng_top_columns[i].name; i++) {
		const struct fng_top_column *column = &fng_top_columns[i];
		bool sorted = column->key && column->key == screen->top->sort;

		if (sorted)
			attron(A_BOLD | A_UNDERLINE);
		put(1, x, width_of(i), i > 2 && column->width, column->title);
		if (sorted)
			attroff(A_BOLD | A_UNDERLINE);
		x += width_of(i) + 1;
	}
	attroff(A_REVERSE);
}

static void draw_row(int y, const struct fng_top_row *row)
{
	bool busy = row->rate[FNG_TOP_DENIED] > 0;
	int x = 0;

	if (busy)
		attron(A_BOLD);
	for (size_t i = 0; fng_top_columns[i].name; i++) {
		json_t *value = fng_top_value(row, i);

		put_value(y, x, width_of(i), value);
		json_decref(value);
		x += width_of(i) + 1;
	}
	if (busy)
		attroff(A_BOLD);
}

static void draw_foot(const struct screen *screen)
{
	char text[256];

	if (screen->filtering)
		snprintf(text, sizeof(text), "filter: %s_", screen->top->filter);
	else
		snprintf(text, sizeof(text),
			 "q quit  / filter%s%s  sort: c cgroup p policy m mode "
			 "d denied r rate w would o observed a rate l limited  "
			 "R reverse", screen->top->filter[0] ? ": " : "",
			 screen->top->filter);
	attron(A_DIM);
	put(LINES - 1, 0, COLS - 1, false, text);
	attroff(A_DIM);
}

static void draw(struct screen *screen)
{
	struct fng_top *top = screen->top;
	size_t room = lines_of_rows();

	screen->nr = fng_top_order(top);
	if (screen->first + room > screen->nr)
		screen->first = screen->nr > room ? screen->nr - room : 0;
	erase();
	draw_head(screen);
	draw_titles(screen);
	for (size_t i = 0; i < room && screen->first + i < screen->nr; i++)
		draw_row(HEAD + i, &top->row[screen->first + i]);
	draw_foot(screen);
	refresh();
}

static void type_filter(struct screen *screen, int key)
{
	char *filter = screen->top->filter;
	size_t size = strlen(filter);

	if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		screen->filtering = false;
	} else if (key == 27) {
		strcpy(filter, screen->old);
		screen->filtering = false;
	} else if (key == KEY_BACKSPACE || key == 127 || key == 8) {
		if (size)
			filter[size - 1] = '\0';
	} else if (key >= ' ' && key < 127 &&
		   size + 1 < sizeof(screen->top->filter)) {
		filter[size] = key;
		filter[size + 1] = '\0';
	}
}

static void scroll_by(struct screen *screen, long by)
{
	if (by < 0 && (size_t)-by > screen->first)
		screen->first = 0;
	else
		screen->first += by;
}

static void sort_by(struct screen *screen, int key)
{
	for (size_t i = 0; fng_top_columns[i].name; i++)
		if (key && key == fng_top_columns[i].key)
			screen->top->sort = key;
}

static void press(struct screen *screen, int key)
{
	switch (key) {
	case 'q':
		screen->done = true;
		break;
	case 'R':
		screen->top->reverse = !screen->top->reverse;
		break;
	case REDRAW:
		clearok(stdscr, TRUE);
		break;
	case '/':
		strcpy(screen->old, screen->top->filter);
		screen->filtering = true;
		break;
	case KEY_UP:
		scroll_by(screen, -1);
		break;
	case KEY_DOWN:
		scroll_by(screen, 1);
		break;
	case KEY_PPAGE:
		scroll_by(screen, -(long)lines_of_rows());
		break;
	case KEY_NPAGE:
		scroll_by(screen, lines_of_rows());
		break;
	case KEY_HOME:
		screen->first = 0;
		break;
	default:
		sort_by(screen, key);
	}
}

static void read_keys(struct screen *screen)
{
	int key;

	while (!screen->done && (key = getch()) != ERR) {
		if (screen->filtering)
			type_filter(screen, key);
		else
			press(screen, key);
	}
}

/* Until the next round is due, or somebody has pressed a key. */
static void wait_for(struct screen *screen, double until)
{
	struct pollfd fds[] = {
		{ STDIN_FILENO, POLLIN, 0 },
		{ fng_stream_fd(&screen->top->stream), POLLIN, 0 },
	};
	double left;

	while (!interrupted && (left = until - fng_top_now()) > 0) {
		if (poll(fds, 2, (int)(left * 1000) + 1) < 0)
			return;
		if (fds[1].revents)
			fng_top_listen(screen->top);
		if (fds[0].revents & (POLLHUP | POLLERR))
			screen->done = true;
		if (fds[0].revents)
			return;
	}
}

static int show(struct screen *screen, double delay)
{
	double next = 0;
	int err;

	while (!screen->done && !interrupted) {
		if (fng_top_now() >= next) {
			fng_top_listen(screen->top);
			err = fng_top_refresh(screen->top);
			if (err)
				return err;
			next = fng_top_now() + delay;
		}
		draw(screen);
		wait_for(screen, next);
		read_keys(screen);
	}
	return 0;
}

int fng_top_screen(struct fng_top *top, double delay)
{
	struct screen screen = { .top = top };
	SCREEN *terminal;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return -ENOTTY;
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal)
		return -ENOTTY;
	signal(SIGINT, interrupt);
	signal(SIGTERM, interrupt);
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(50);
	curs_set(0);
	err = show(&screen, delay);
	endwin();
	delscreen(terminal);
	return err;
}
