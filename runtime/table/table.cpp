#include "runtime/table/table.h"

#include <re2/re2.h>

#include <bit>
#include <cstring>
#include <string>

#include "runtime/table/name_index.h"
#include "runtime/table/verify.h"

namespace sluice::table {
namespace {

static_assert(std::endian::native == std::endian::little, "tables are read where they lie");
constexpr int64_t kMaxProgram = 1 << 24;  // RE2 instructions of all regexes of a table together
constexpr uint32_t kOtherEndianMark = 0x04030201;

Error malformed(std::string what) { return {ErrorCode::malformed, std::move(what)}; }

Status check_header(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(Header)) {
    return malformed("too short for a table: " + std::to_string(bytes.size()) + " bytes");
  }
  if (reinterpret_cast<uintptr_t>(bytes.data()) % alignof(uint64_t) != 0) {
    return malformed("the table's bytes are not aligned in memory");
  }
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0)
    return malformed("not a table: wrong magic");
  if (header.endian == kOtherEndianMark) {
    return Error{ErrorCode::unsupported, "the table was written for another byte order"};
  }
  if (header.endian != kEndianMark) return malformed("not a table: wrong byte order mark");
  if (header.version != kVersion) {
    return Error{ErrorCode::unsupported,
                 "the table has format version " + std::to_string(header.version) +
                     "; this program reads version " + std::to_string(kVersion)};
  }
  if (header.length > bytes.size()) {
    return malformed("the table is truncated: " + std::to_string(bytes.size()) + " of " +
                     std::to_string(header.length) + " bytes");
  }
  if (header.length < bytes.size()) {
    return malformed("the table is followed by " + std::to_string(bytes.size() - header.length) +
                     " bytes that are not its own");
  }
  const XXH128_hash_t digest = XXH3_128bits(bytes.data() + kDigested, bytes.size() - kDigested);
  if (digest.low64 != header.digest[0] || digest.high64 != header.digest[1]) {
    return malformed("the table is damaged: its digest does not match its bytes");
  }
  for (uint32_t word : header.reserved) {
    if (word != 0) return malformed("malformed table: reserved header bytes are set");
  }
  if (header.sections != kSectionCount) {
    return malformed("malformed table: " + std::to_string(header.sections) +
                     " sections instead of " + std::to_string(kSectionCount));
  }
  return Done{};
}

bool all_zero(std::span<const std::byte> bytes) {
  for (std::byte b : bytes) {
    if (b != std::byte{0}) return false;
  }
  return true;
}

// Walks the directory: each section begins where the one before ended, rounded up over zeros.
class Directory {
 public:
  explicit Directory(std::span<const std::byte> bytes)
      : bytes_(bytes), end_(sizeof(Header) + kSectionCount * sizeof(SectionEntry)) {
    if (bytes_.size() < end_) fault_ = "the directory of sections is cut off";
  }

  template <class Record>
  std::span<const Record> take(const char* name) {
    if (!fault_.empty()) return {};
    SectionEntry entry;
    std::memcpy(&entry, bytes_.data() + sizeof(Header) + next_++ * sizeof(entry), sizeof(entry));
    const uint64_t begin = (end_ + kAlign - 1) / kAlign * kAlign;
    if (entry.offset != begin || begin > bytes_.size()) {
      fault_ = std::string("section ") + name + " does not begin where the one before it ends";
    } else if (entry.count >= kNone || entry.count > (bytes_.size() - begin) / sizeof(Record)) {
      fault_ = std::string("section ") + name + " reaches beyond the file";
    } else if (!all_zero(bytes_.subspan(end_, begin - end_))) {
      fault_ = std::string("the padding before section ") + name + " is not zero";
    }
    if (!fault_.empty()) return {};
    end_ = begin + entry.count * sizeof(Record);
    return {reinterpret_cast<const Record*>(bytes_.data() + begin),
            static_cast<size_t>(entry.count)};
  }

  std::string finish() const {
    if (fault_.empty() && end_ != bytes_.size())
      return "bytes are left over behind the last section";
    return fault_;
  }

 private:
  std::span<const std::byte> bytes_;
  uint64_t end_;
  size_t next_ = 0;
  std::string fault_;
};

}  // namespace

Table::Table() = default;
Table::Table(Table&&) noexcept = default;
Table& Table::operator=(Table&&) noexcept = default;
Table::~Table() = default;

Result<Table> Table::load(std::span<const std::byte> bytes) {
  if (Status header = check_header(bytes); !header) return header.error();
  Table table;
  Directory directory(bytes);
#define SLUICE_SECTION(id, record) table.id##_ = directory.take<record>(#id);
  SLUICE_TABLE_SECTIONS(SLUICE_SECTION)
#undef SLUICE_SECTION
  std::string fault = directory.finish();
  if (fault.empty()) fault = verify(table);
  if (!fault.empty()) return malformed("malformed table: " + fault);
  // From here on every record holds what format.h promises.
  RE2::Options options;
  options.set_log_errors(false);
  int64_t program = 0;
  for (const StringRef& pattern : table.regexes_) {
    const std::string_view text = table.text(pattern);
    auto compiled =
        std::make_unique<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
    if (!compiled->ok()) {
      return malformed("malformed table: regex `" + std::string(text) + "`: " + compiled->error());
    }
    program += compiled->ProgramSize();
    if (program > kMaxProgram)
      return malformed("malformed table: its regexes are too large together");
    table.compiled_.push_back(std::move(compiled));
  }
  return table;
}

Result<Table> Table::load(std::string_view bytes) {
  return load(std::as_bytes(std::span<const char>(bytes.data(), bytes.size())));
}

}  // namespace sluice::table
