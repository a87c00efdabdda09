// Against a real listener, which says what it is told to.
#include "app/alertmanager.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/server.h"

namespace orakgarak::app {
namespace {

class AlertmanagerTest : public testing::Test {
 protected:
  AlertmanagerTest() {
    net::ServerOptions options;
    options.address = "127.0.0.1";
    options.port = 0;
    server_ = std::move(*net::Server::start(options, [this](const net::RequestHead& head) {
      ++asked_;
      if (hangs_) std::this_thread::sleep_for(std::chrono::seconds(2));
      net::Response response;
      response.status = head.path == "/am/api/v2/alerts" ? status_ : 404;
      response.body = says_;
      return net::answer(std::move(response));
    }));
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/am"; }
  std::string code(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    const auto alerts = Alertmanager(url(), patience).firing();
    return alerts ? "no error" : alerts.error().code;
  }

  std::atomic<int> asked_ = 0;
  std::atomic<bool> hangs_ = false;
  int status_ = 200;
  std::string says_ = R"([{"labels":{"alertname":"AppDown","severity":"critical"}}])";
  std::unique_ptr<net::Server> server_;
};

TEST_F(AlertmanagerTest, SaysWhichAlertsFire) {
  const auto alerts = Alertmanager(url()).firing();
  ASSERT_TRUE(alerts) << alerts.error().detail;
  ASSERT_EQ(alerts->size(), 1U);
  EXPECT_EQ((*alerts)[0].name, "AppDown");
}

TEST_F(AlertmanagerTest, IsAskedSeldomHoweverManyAsk) {
  Alertmanager alertmanager(url());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 20; ++i) threads.emplace_back([&] { EXPECT_TRUE(alertmanager.firing()); });
  threads.clear();
  EXPECT_LT(asked_, 20);
}

TEST_F(AlertmanagerTest, ThatIsAwayHangsOrSaysSomethingElseIsAnError) {
  hangs_ = true;
  EXPECT_EQ(code(std::chrono::milliseconds(100)), "alerts_unavailable");
  hangs_ = false;
  status_ = 503;
  EXPECT_EQ(code(), "alerts_unavailable");
  status_ = 200;
  says_ = "<html>";
  EXPECT_EQ(code(), "alerts_unavailable");
  says_ = "[]" + std::string(http::most_alerts_bytes - 2, ' ');
  EXPECT_EQ(code(), "no error");
  says_ += std::string(1'000'000, ' ');
  EXPECT_EQ(code(), "alerts_unavailable");
  server_->stop(std::chrono::seconds(5));
  EXPECT_EQ(code(), "alerts_unavailable");
}

}  // namespace
}  // namespace orakgarak::app
