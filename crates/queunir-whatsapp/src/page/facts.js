// Looks which facts hold on the page as it is drawn now; reads only. A function that takes the list and returns, for each
// fact, how many elements were looked at and how many were as it says; none at all when the page does not show it now.
(facts) => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const look = (fact) => {
    if (all(fact.where).length === 0) return [0, 0];
    if (fact.visible) return [1, Number(document.visibilityState === "visible")];
    if (!fact.each) return [1, Number(all(fact.is).length > 0 !== Boolean(fact.absent))];
    const like = fact.like && new RegExp(fact.like);
    const fits = (element) => (like ? like.test(element.getAttribute(fact.attribute) ?? "") : element.matches(fact.is));
    const found = all(fact.each).slice(0, 2000);
    return [found.length, found.filter(fits).length];
  };
  return JSON.stringify({
    seen: facts.map((fact) => {
      try {
        const [looked, held] = look(fact);
        return { id: fact.id, looked, held };
      } catch {
        return { id: fact.id, looked: 1, held: 0 };
      }
    }),
  });
}
