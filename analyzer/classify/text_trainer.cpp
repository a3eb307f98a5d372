// One model for each label against the rest (of two labels, one and its mirror image): L2-regularised squared
// hinge loss, solved in its dual by coordinate descent (Hsieh et al., "A Dual Coordinate Descent Method for
// Large-scale Linear SVM", ICML 2008). What an n-gram is worth, C, and how a second model is blended in are
// those with the best macro-F1 on held-out folds.
#include "analyzer/classify/text_trainer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "analyzer/classify/text_scores.h"

namespace tingchao::analyzer {
namespace {

std::uint32_t random(std::uint64_t& seed) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return static_cast<std::uint32_t>(seed >> 33);
}

// How much of the second, contrasted model goes into the sum, and its own C.
struct Blend {
  float share = 0;
  double cost = 1;
};

// Weights for one label against the rest, the last one the bias.
class Solver {
 public:
  Solver(const TextVectors& vectors, const std::vector<LabelledText>& texts, std::vector<std::size_t> members,
         int passes)
      : vectors_(vectors), texts_(texts), members_(std::move(members)), passes_(passes) {}

  void solve(std::size_t label, double cost) {
    scales_.assign(vectors_.buckets().size(), 1);
    descend(label, cost);
  }

  // The second model, whose n-grams are scaled by how unevenly they stand with and without the label (Wang and
  // Manning, "Baselines and Bigrams", ACL 2012).
  void solve_contrasted(std::size_t label, double cost) {
    scales_ = contrasts(label);
    descend(label, cost);
  }

  // Plain plus a share of the second: both are linear in the same vectors, so their sum is one model.
  void solve_blended(std::size_t label, double cost, const Blend& blend) {
    solve(label, cost);
    std::vector<float> plain = std::move(weights_);
    solve_contrasted(label, blend.cost);
    for (std::size_t i = 0; i < scales_.size(); ++i) plain[i] += blend.share * scales_[i] * weights_[i];
    plain.back() += blend.share * weights_.back();
    weights_ = std::move(plain);
    scales_.assign(scales_.size(), 1);
  }

  const std::vector<float>& weights() const { return weights_; }

  double margin(std::size_t text) const {
    double sum = weights_.back();
    each_scaled(
        text, [&](std::size_t column, float value) { sum += static_cast<double>(value) * weights_[column]; });
    return sum;
  }

 private:
  template <class Visit>
  void each_scaled(std::size_t text, Visit visit) const {
    vectors_.each(text, [&](const TextVectors::Feature& feature) {
      visit(feature.column, feature.value * scales_[feature.column]);
    });
  }

  double square_of(std::size_t text) const {
    double square = 0;
    each_scaled(text, [&](std::size_t, float value) { square += static_cast<double>(value) * value; });
    return square;
  }

  void descend(std::size_t label, double cost) {
    weights_.assign(vectors_.buckets().size() + 1, 0);
    const std::array<double, 2> diagonals = diagonals_of(label, cost);
    std::vector<double> alpha(members_.size()), own(members_.size());
    // The bias counts as one more n-gram of worth 1.
    for (std::size_t m = 0; m < members_.size(); ++m) own[m] = 1 + square_of(members_[m]);
    std::vector<std::uint32_t> order(members_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::uint64_t seed = 1;
    for (int pass = 0; pass < passes_; ++pass) {
      for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random(seed) % i]);
      double worst = 0;
      for (const std::uint32_t m : order) {
        const bool is = texts_[members_[m]].label == label;
        const double y = is ? 1 : -1, diagonal = diagonals[is];
        const double gradient = y * margin(members_[m]) - 1 + diagonal * alpha[m];
        if (alpha[m] == 0 && gradient >= 0) continue;
        worst = std::max(worst, std::abs(gradient));
        const double before = alpha[m];
        alpha[m] = std::max(alpha[m] - gradient / (diagonal + own[m]), 0.0);
        const auto step = static_cast<float>((alpha[m] - before) * y);
        each_scaled(members_[m], [&](std::size_t column, float value) { weights_[column] += step * value; });
        weights_.back() += step;
      }
      if (worst < 0.01) break;
    }
  }

  // |log (share among n-grams of the label's texts / share among the others')|, so that a text has length 1
  // in the quadratic mean.
  std::vector<float> contrasts(std::size_t label) const {
    const std::size_t columns = vectors_.buckets().size();
    std::array<std::vector<double>, 2> with{std::vector<double>(columns, 1), std::vector<double>(columns, 1)};
    std::array<double, 2> all{static_cast<double>(columns), static_cast<double>(columns)};
    for (const std::size_t text : members_) {
      const bool is = texts_[text].label == label;
      vectors_.each(text, [&](const TextVectors::Feature& feature) {
        ++with[is][feature.column];
        ++all[is];
      });
    }
    std::vector<float> out(columns);
    for (std::size_t i = 0; i < columns; ++i)
      out[i] = static_cast<float>(std::abs(std::log(with[1][i] / all[1]) - std::log(with[0][i] / all[0])));
    double squares = 0;
    for (const std::size_t text : members_)
      vectors_.each(text, [&](const TextVectors::Feature& feature) {
        const double value = static_cast<double>(feature.value) * out[feature.column];
        squares += value * value;
      });
    const double mean = squares / static_cast<double>(std::max<std::size_t>(members_.size(), 1));
    if (mean > 0)
      for (float& scale : out) scale = static_cast<float>(scale / std::sqrt(mean));
    return out;
  }

  // 1 / 2C of the others' and of the label's texts. The rarer side counts more, by the square root of how
  // much rarer it is.
  std::array<double, 2> diagonals_of(std::size_t label, double cost) const {
    const double all = static_cast<double>(members_.size());
    const double with = static_cast<double>(std::count_if(
        members_.begin(), members_.end(), [&](std::size_t t) { return texts_[t].label == label; }));
    const auto diagonal = [&](double texts) {
      return 0.5 / (cost * std::sqrt(all / 2 / std::max(texts, 1.0)));
    };
    return {diagonal(all - with), diagonal(with)};
  }

  const TextVectors& vectors_;
  const std::vector<LabelledText>& texts_;
  std::vector<std::size_t> members_;
  int passes_;
  std::vector<float> scales_;  // by column
  std::vector<float> weights_;
};

// Learns from a part of the texts and judges the rest.
class CrossValidation {
 public:
  CrossValidation(TextVectors& vectors, const std::vector<LabelledText>& texts, std::size_t labels,
                  const TextTraining& how)
      : vectors_(vectors), texts_(texts), labels_(labels), how_(how) {}

  struct Choice {
    GramShape shape;
    double cost = 2;
    Blend blend;
  };

  // The vectors must be weighed by the choice's shape. Margins of the first `folds` folds' texts, each judged
  // after `learn(solver, label)` from all others, or from as many of them as `learnt_max` allows.
  template <class Learn>
  Margins judge(std::size_t folds, std::size_t learnt_max, Learn learn) const {
    Margins margins(texts_.size());
    for (std::size_t fold = 0; fold < folds; ++fold) {
      std::vector<std::size_t> members;
      for (std::size_t t = 0; t < texts_.size(); ++t)
        if (t % how_.folds != fold) members.push_back(t);
      if (members.size() > learnt_max) members = thinned(members, learnt_max);
      Solver solver(vectors_, texts_, std::move(members), how_.passes);
      for (std::size_t label = labels_ == 2 ? 1 : 0; label < labels_; ++label) {
        learn(solver, label);
        for (std::size_t t = fold; t < texts_.size(); t += how_.folds) {
          margins[t].resize(labels_);
          margins[t][label] = static_cast<float>(solver.margin(t));
          if (labels_ == 2) margins[t][0] = -margins[t][1];
        }
      }
    }
    return margins;
  }

  // The best shape at one C, then the best C at that shape, a greater C only for a gain that shows; then the
  // blend that is best with offsets.
  Choice choose() {
    static constexpr GramShape shapes[] = {{2, 0.7f}, {2, 0.5f}, {3, 0.7f}, {4, 0.7f}, {4, 1}};
    const std::size_t folds = texts_.size() > searched_max ? 1 : how_.folds;
    const auto score = [&](double cost) {
      return scores_of(judge_plain(folds, cost), texts_, labels_).macro_f1();
    };
    Choice best;
    double most = -1;
    for (const GramShape& shape : shapes) {
      vectors_.weigh(shape);
      if (const double found = score(best.cost); found > most) {
        most = found;
        best.shape = shape;
      }
    }
    vectors_.weigh(best.shape);
    for (const double factor : {2.0, 0.5}) {
      const double small_step = factor > 1 ? 0.0005 : 0;
      for (double cost = best.cost * factor; cost >= 0.25 && cost <= 16; cost *= factor) {
        const double found = score(cost);
        if (found < most + small_step) break;
        most = found;
        best.cost = cost;
      }
    }
    best.blend = best_blend(folds, best.cost);
    return best;
  }

 private:
  Margins judge_plain(std::size_t folds, double cost) const {
    return judge(folds, searched_max, [&](Solver& solver, std::size_t label) { solver.solve(label, cost); });
  }

  Blend best_blend(std::size_t folds, double plain_cost) const {
    constexpr double gain_that_shows = 0.001;
    const Margins plain = judge_plain(folds, plain_cost);
    Blend best;
    double most = -1;
    for (const double cost : {0.3, 0.6, 1.0}) {
      const Margins second = judge(folds, searched_max, [&](Solver& solver, std::size_t label) {
        solver.solve_contrasted(label, cost);
      });
      for (const float share : {0.4f, 1.2f}) {
        if (share < 1 && most >= 0) continue;  // a small share of a second model as free as the first adds nothing
        Margins both = plain;
        for (std::size_t t = 0; t < both.size(); ++t)
          for (std::size_t k = 0; k < both[t].size(); ++k) both[t][k] += share * second[t][k];
        add_offsets(both, offsets_of(both, texts_, labels_));
        const double found = scores_of(both, texts_, labels_).macro_f1();
        if (found < most + gain_that_shows) continue;
        most = found;
        best = {share, cost};
      }
    }
    return best;
  }

  static constexpr std::size_t searched_max =
      20'000;  // texts learnt from to try a choice: seconds, not minutes

  static std::vector<std::size_t> thinned(const std::vector<std::size_t>& members, std::size_t kept) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < kept; ++i) out.push_back(members[i * members.size() / kept]);
    return out;
  }

  TextVectors& vectors_;
  const std::vector<LabelledText>& texts_;
  std::size_t labels_;
  const TextTraining& how_;
};

// Weights of all columns, label by label, and the biases.
struct Learnt {
  std::vector<float> weights;  // columns × labels
  std::vector<float> bias;
};

Learnt learn_from_all(const TextVectors& vectors, const std::vector<LabelledText>& texts, std::size_t labels,
                      const CrossValidation::Choice& choice, int passes) {
  std::vector<std::size_t> everything(texts.size());
  std::iota(everything.begin(), everything.end(), std::size_t{0});
  Solver solver(vectors, texts, std::move(everything), passes);
  const std::size_t columns = vectors.buckets().size();
  Learnt out{std::vector<float>(columns * labels), std::vector<float>(labels)};
  for (std::size_t label = labels == 2 ? 1 : 0; label < labels; ++label) {
    solver.solve_blended(label, choice.cost, choice.blend);
    const std::vector<float>& weights = solver.weights();
    for (std::size_t i = 0; i < columns; ++i) out.weights[i * labels + label] = weights[i];
    out.bias[label] = weights.back();
    if (labels != 2) continue;
    for (std::size_t i = 0; i < columns; ++i) out.weights[i * labels] = -weights[i];
    out.bias[0] = -weights.back();
  }
  return out;
}

}  // namespace

double TextTrained::macro_f1() const {
  return std::accumulate(f1.begin(), f1.end(), 0.0) / static_cast<double>(f1.size());
}

TextTrained train_texts(std::string_view head, std::vector<std::string> labels,
                        const std::vector<LabelledText>& texts, const TextTraining& how) {
  const std::size_t count = labels.size();
  TextVectors vectors(texts, how.triples_min);
  CrossValidation validation(vectors, texts, count, how);
  const CrossValidation::Choice choice = validation.choose();
  Margins margins = validation.judge(how.folds, texts.size(), [&](Solver& solver, std::size_t label) {
    solver.solve_blended(label, choice.cost, choice.blend);
  });
  const std::vector<float> offsets = offsets_of(margins, texts, count);
  add_offsets(margins, offsets);
  const Scores scores = scores_of(margins, texts, count);
  const Learnt learnt = learn_from_all(vectors, texts, count, choice, how.passes);

  TextModel::Weights out;
  out.head = head;
  out.labels = std::move(labels);
  for (std::size_t k = 0; k < count; ++k) out.bias.push_back(learnt.bias[k] + offsets[k]);
  float most = 1e-6f;
  for (const float weight : learnt.weights) most = std::max(most, std::abs(weight));
  out.scale = 32000 / most;
  out.sharpness = static_cast<float>(sharpness_of(margins, texts));
  for (std::size_t i = 0; i < vectors.buckets().size(); ++i) {
    const float* row = &learnt.weights[i * count];
    if (std::all_of(row, row + count, [&](float weight) { return std::abs(weight) < how.prune; })) continue;
    out.buckets.push_back(vectors.buckets()[i]);
    out.importance.push_back(vectors.worth(i, choice.shape));
    for (std::size_t k = 0; k < count; ++k)
      out.numbers.push_back(static_cast<std::int16_t>(std::lround(row[k] * out.scale)));
  }
  return {TextModel(std::move(out)), choice.cost, choice.shape, choice.blend.share, choice.blend.cost,
          scores.accuracy, scores.f1};
}

}  // namespace tingchao::analyzer
