import 'survey-core/survey-core.min.css';
import { Model } from 'survey-core';
import { renderSurvey } from 'survey-js-ui';
import { text } from '../content.js';
import { ready, sign } from '../sign.js';

const survey = new Model({
  title: text.title, description: text.intro, completeText: text.submit, showCompletedPage: false,
  elements: [
    { type: 'text', name: 'email', inputType: 'email', title: text.email, isRequired: true, description: text.service, validators: [{ type: 'email' }] },
    { type: 'text', name: 'given_name', title: text.name },
    { type: 'text', name: 'phone', inputType: 'tel', title: text.phone },
    { type: 'checkbox', name: 'choices', titleLocation: 'hidden', choices: ['newsletter', 'call', 'partners'].map((value) => ({ value, text: text[value] })) },
    { type: 'html', name: 'notice', html: `<p>${text.notice}</p>` },
  ],
});
survey.onComplete.add((sender) => sign(sender.data));
survey.onAfterRenderSurvey.add(ready);
renderSurvey(survey, document.querySelector('#form'));
