#include "app/adapter_urls.h"

#include <gmock/gmock.h>

namespace orakgarak::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* a_store = "postgres://ana:pa55@db/orakgarak";

TEST(AdapterUrls, AreKnownByTheirScheme) {
  EXPECT_EQ(check_store(a_store), "");
  EXPECT_EQ(check_store("postgresql://db/orakgarak"), "");
  EXPECT_EQ(check_objects("s3://takes"), "");
  EXPECT_EQ(check_events("kafka://a:9092,b:9092"), "");
  EXPECT_THAT(check_store("mysql://ana:pa55@db"), HasSubstr("postgres://USER@HOST"));
  EXPECT_THAT(check_objects("https://ana:pa55@files"), HasSubstr("s3://BUCKET"));
  EXPECT_THAT(check_events("localhost:9092"), HasSubstr("kafka://HOST:PORT"));
}

TEST(AdapterUrls, AWrongOneIsNotRepeated) {
  EXPECT_THAT(check_store("mysql://ana:pa55@db"), Not(HasSubstr("pa55")));
  EXPECT_THAT(check_objects("https://ana:pa55@files"), Not(HasSubstr("pa55")));
  EXPECT_THAT(check_events("amqp://ana:pa55@files"), Not(HasSubstr("pa55")));
}

TEST(AdapterUrls, SeveralProcessesNeedOneDatabase) {
  Settings settings;
  ServeCommand serve;
  EXPECT_EQ(adapters_fault(settings, serve), std::nullopt);
  EXPECT_THAT(adapters_fault(settings, WorkerCommand{}).value(), HasSubstr("worker needs --store"));
  serve.no_work = true;
  EXPECT_THAT(adapters_fault(settings, serve).value(), HasSubstr("--no-work needs --store"));
  settings.store = a_store;
  EXPECT_EQ(adapters_fault(settings, serve), std::nullopt);
  EXPECT_EQ(adapters_fault(settings, WorkerCommand{}), std::nullopt);
}

TEST(AdapterUrls, KafkaNeedsPostgres) {
  Settings settings;
  settings.events = "kafka://a:9092";
  EXPECT_THAT(adapters_fault(settings, ServeCommand{}).value(), HasSubstr("--events needs --store"));
  EXPECT_THAT(adapters_fault(settings, UploadsListCommand{}).value(), HasSubstr("--events needs --store"));
  EXPECT_EQ(adapters_fault(settings, AnalyzeCommand{}), std::nullopt) << "it touches no server's data";
  settings.store = a_store;
  EXPECT_EQ(adapters_fault(settings, ServeCommand{}), std::nullopt);
}

TEST(AdapterUrls, WithS3ThereIsNoPortForFiles) {
  Settings settings;
  settings.objects = "s3://takes";
  ServeCommand serve;
  EXPECT_EQ(adapters_fault(settings, serve), std::nullopt);
  serve.objects_listen = "127.0.0.1:9001";
  EXPECT_THAT(adapters_fault(settings, serve).value(), HasSubstr("--objects-listen"));
}

TEST(AdapterUrls, AMessageRepeatsNoneThatWasGiven) {
  const std::vector<std::string> words{"--stroe=postgres://ana:pa 55@db/x", "s3://takes?x",
                                       "postgres://ana\x1b@db"};
  EXPECT_EQ(without_urls("what is --stroe=postgres://ana:pa 55@db/x, s3://takes?x and s3://takes?x", words),
            "what is --stroe=postgres://…, s3://… and s3://…");
  EXPECT_EQ(without_urls("what is postgres://ana\\x1b@db", words), "what is postgres://…")
      << "as it is printed";
  EXPECT_EQ(without_urls("write postgres://USER@HOST, see https://sing.example", words),
            "write postgres://USER@HOST, see https://sing.example");
  EXPECT_EQ(without_urls("postgres://", std::vector<std::string>{"postgres://"}), "postgres://");
}

TEST(AdapterUrls, WhichDatabaseIsShownWithoutWhoReadsIt) {
  EXPECT_EQ(shown_store(a_store), "PostgreSQL at db/orakgarak");
  EXPECT_EQ(shown_store("postgres://db:5432/orakgarak?sslmode=require"), "PostgreSQL at db:5432/orakgarak");
  EXPECT_EQ(shown_store("postgres://ana@[::1]:5432,other/x?password=pa55"),
            "PostgreSQL at [::1]:5432,other/x");
}

TEST(AdapterUrls, OfAnOddOneNothingIsShown) {
  for (const auto* odd :
       {"postgres://ana:p/a55@db/x", "postgres://ana:p?a55@db/x", "postgres://ana:p#a55@db/x",
        "postgres:///x", "postgres://ana:pa55@d b/x", "postgres://", "postgres"})
    EXPECT_EQ(shown_store(odd), "PostgreSQL") << odd;
}

}  // namespace
}  // namespace orakgarak::app
