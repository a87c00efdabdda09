#include "app/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace orakgarak::app {
namespace {

struct Letter {
  char32_t code;
  std::size_t bytes;
};

/// text not empty. A byte that starts no valid sequence is a letter of its own, U+FFFD.
Letter next_letter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (bytes == 0 || first > 0xF4 || text.size() < bytes) return {0xFFFD, 1};
  char32_t code = first & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0xFFFD, 1};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  return {code, bytes};
}

struct Block {
  char32_t first, last;
};

/// East Asian Width W and F (Unicode Annex 11), in blocks.
constexpr std::array<Block, 17> wide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0x33FF},
                                      {0x3400, 0x4DBF},
                                      {0x4E00, 0x9FFF},
                                      {0xA000, 0xA4CF},
                                      {0xA960, 0xA97F},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1F64F},
                                      {0x1F680, 0x1F6FF},
                                      {0x1F900, 0x1F9FF},
                                      {0x20000, 0x2FFFD},
                                      {0x30000, 0x3FFFD}}};
constexpr std::array<Block, 7> zero{{{0x0300, 0x036F},
                                     {0x1160, 0x11FF},
                                     {0x200B, 0x200F},
                                     {0x202A, 0x202E},
                                     {0x20D0, 0x20F0},
                                     {0x3099, 0x309A},
                                     {0xFE00, 0xFE0F}}};

/// The second set of control characters, line separators, changes of writing direction.
constexpr std::array<Block, 3> unprintable{{{0x80, 0x9F}, {0x2028, 0x202E}, {0x2066, 0x2069}}};

bool within(char32_t code, std::span<const Block> blocks) {
  return std::ranges::any_of(blocks, [=](Block b) { return b.first <= code && code <= b.last; });
}

int width_of(char32_t code) { return within(code, zero) ? 0 : within(code, wide) ? 2 : 1; }

struct Cut {
  std::string text;
  int columns;
};

Cut cut(std::string_view utf8, int columns) {
  if (const int width = display_width(utf8); width <= columns) return {std::string(utf8), width};
  Cut result{{}, 0};
  for (std::size_t i = 0; i < utf8.size();) {
    const auto letter = next_letter(utf8.substr(i));
    const int width = width_of(letter.code);
    if (result.columns + width > columns - 1) break;
    result.text += utf8.substr(i, letter.bytes);
    result.columns += width;
    i += letter.bytes;
  }
  if (columns > 0) {
    result.text += "…";
    ++result.columns;
  }
  return result;
}

/// Levenshtein; O(n·m).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

int display_width(std::string_view utf8) {
  int width = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto letter = next_letter(utf8.substr(i));
    width += width_of(letter.code);
    i += letter.bytes;
  }
  return width;
}

std::string printable(std::string_view utf8) {
  std::string result;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto letter = next_letter(utf8.substr(i));
    const bool broken = letter.code == 0xFFFD && letter.bytes == 1;
    if (letter.code == '\n')
      result += "\\n";
    else if (broken || letter.code < 0x20 || letter.code == 0x7F)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(utf8[i]));
    else if (within(letter.code, unprintable))
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(letter.code));
    else
      result += utf8.substr(i, letter.bytes);
    i += letter.bytes;
  }
  return result;
}

std::string fit_left(std::string_view utf8, int columns) {
  auto [text, width] = cut(utf8, columns);
  return text + std::string(static_cast<std::size_t>(std::max(0, columns - width)), ' ');
}

std::string fit_right(std::string_view utf8, int columns) {
  auto [text, width] = cut(utf8, columns);
  return std::string(static_cast<std::size_t>(std::max(0, columns - width)), ' ') + text;
}

std::string wrapped(std::string_view utf8, int columns, int indent) {
  std::string result;
  int used = 0;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto end = std::min(utf8.find(' ', i), utf8.size());
    const auto word = utf8.substr(i, end - i);
    const int width = display_width(word);
    if (used > 0 && used + 1 + width > columns) {
      result += '\n' + std::string(static_cast<std::size_t>(indent), ' ');
      used = 0;
    }
    if (used > 0) result += ' ';
    result += word;
    used += width + (used > 0 ? 1 : 0);
    i = end + 1;
  }
  return result;
}

std::string bar(double share, int columns) {
  constexpr std::array<std::string_view, 8> parts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * columns * 8));
  std::string result;
  for (int i = 0; i < eighths / 8; ++i) result += "█";
  return result + std::string(parts[static_cast<std::size_t>(eighths % 8)]);
}

std::string nearest_word(std::string_view word, std::span<const std::string> words) {
  constexpr std::size_t longest = 40;  // of a word worth comparing
  std::string best;
  std::size_t least = 3;
  if (word.size() > longest) return best;
  for (const auto& candidate : words)
    if (const auto distance = edit_distance(word, candidate); distance < least) {
      least = distance;
      best = candidate;
    }
  return best;
}

}  // namespace orakgarak::app
